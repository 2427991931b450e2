// What was done and what was changed, newest first: all of it, or one kind (B109).
import type { Ticket } from '@relevo/shared/api/desk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Bone, Button, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { ActionView } from './ActionView';
import { ChangeView } from './ChangeView';
import { HistoryNotes } from './HistoryMessages';
import { merged } from './merged';
import { actionsQuery, historyQuery, openedQuery } from './opened';
import css from './proceedings.module.css';
import { useValues } from './values';

const filters = ['all', 'public', 'internal', 'changes'] as const;
type Filter = (typeof filters)[number];

export function Proceedings({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const [filter, choose] = useState<Filter>('all');
  return (
    <section aria-labelledby="t-log">
      <div className={css.head}>
        <h2 id="t-log">{say('ticket.proceedings')}</h2>
        <div className={parts.segments} role="group" aria-label={say('ticketPage.show')}>
          {filters.map((f) => <button key={f} type="button" className={parts.segment} aria-pressed={f === filter} onClick={() => choose(f)}>{say(`ticketPage.filter.${f}`)}</button>)}
        </div>
      </div>
      <Shown key={`${t.number} ${filter}`} number={t.number} filter={filter} locked={locked} />
    </section>
  );
}

function Shown({ number, filter, locked }: { number: number; filter: Filter; locked: boolean }) {
  const say = useWords();
  const all = useInfiniteQuery({ ...openedQuery(number), enabled: filter === 'all' });
  const some = useInfiniteQuery({ ...actionsQuery(number, filter === 'internal' ? 'internal' : 'public'), enabled: filter === 'public' || filter === 'internal' });
  const history = useInfiniteQuery(historyQuery(number));
  const changes = history.data?.pages.flatMap((p) => p.items) ?? [];
  const values = useValues(changes);
  const list = filter === 'all' ? all : some;
  const actions = filter === 'changes' ? [] : list.data?.pages.flatMap((p) => p.actions) ?? [];
  const moreActions = filter !== 'changes' && list.hasNextPage, moreChanges = (filter === 'all' || filter === 'changes') && history.hasNextPage;
  const shown = filter === 'all' ? merged(actions, moreActions, changes, moreChanges) : filter === 'changes' ? changes : actions;
  const waiting = filter === 'changes' ? history : list;
  if (waiting.isError && !waiting.data) return <p className={parts.help} role="alert">{reasonOf(waiting.error)} <button type="button" className={parts.textButton} onClick={() => void waiting.refetch()}>{say('retry')}</button></p>;
  if (!waiting.data) return <Bone wide="60%" high={12} />;
  const more = () => { if (moreActions) void list.fetchNextPage(); if (moreChanges) void history.fetchNextPage(); };
  return (
    <>
      <ol className={css.list}>
        {shown.map((x) => {
          if (!('kind' in x)) return <ChangeView key={x.id} of={x} values={values} />;
          if (filter === 'internal' && x.public) return <HistoryNotes key={x.id} of={x} />;
          return <ActionView key={x.id} of={x} number={number} locked={locked} withNotes={filter !== 'public'} earlier={changes.filter((c) => c.action === x.id)} />;
        })}
      </ol>
      <p className={join(parts.help, css.none)}>{say(filter === 'all' ? 'ticket.noProceedings' : 'ticketPage.noneOfKind')}</p>
      {(moreActions || moreChanges) && <Button look="edge" onClick={more} disabled={list.isFetchingNextPage || history.isFetchingNextPage}>{say('ticketPage.older')}</Button>}
    </>
  );
}
