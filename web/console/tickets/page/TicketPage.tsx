// A ticket: its classifications on the left, its proceedings on the right (B86). It corrects itself when somebody else works on it.
import { Refusal, type Ticket } from '@relevo/shared/api/desk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Check, CircleAlert, GitMerge, Globe, Lock, RotateCcw, Ticket as TicketIcon } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Blank, Bone, Button, Chip, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useMe } from '../../shell/desk';
import { onKey } from '../../shell/keys';
import { watchTickets } from '../../shell/live';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { useTicketSettings } from '../lists';
import { ActionBox } from './ActionBox';
import { Facts } from './Facts';
import { Gallery } from './Gallery';
import { change, openedQuery, ticketOf } from './opened';
import { Options } from './Options';
import { Proceedings } from './Proceedings';
import { Relations } from './Relations';
import { State } from './State';
import { Subject } from './Subject';
import { UnmergeDialog } from './UnmergeDialog';
import { Unsent } from './Unsent';
import css from './ticket.module.css';

export default function TicketPage() {
  const say = useWords();
  const number = Number((useParams({ strict: false }) as { number?: string }).number);
  const valid = Number.isSafeInteger(number) && number > 0;
  const query = useInfiniteQuery({ ...openedQuery(number), enabled: valid, retry: (tries, fault) => fault instanceof Refusal && fault.passing && tries < 2 });
  useEffect(() => (valid ? watchTickets(number) : undefined), [number, valid]);
  useTicketSettings();
  const t = ticketOf(query.data);
  const gone = !valid || (query.error instanceof Refusal && query.error.code === 'not_found');
  if (gone) return <Blank icon={TicketIcon} title={say('ticket.gone')}><p>{say('ticketPage.goneHint')}</p><Unsent number={number} hint="ticketPage.unsentHint" /><Link to="/tickets" className={parts.textButton}>{say('tickets')}</Link></Blank>;
  if (!t && query.isError) return <Blank icon={CircleAlert} title={say('list.failed')}><p>{reasonOf(query.error)}</p><Button look="edge" onClick={() => void query.refetch()}>{say('retry')}</Button></Blank>;
  if (!t) return <div className={css.loading}><Bone wide="40%" high={20} /><Bone wide="70%" high={12} /><Bone wide="60%" high={12} /></div>;
  return <Shown key={t.number} of={t} actions={query.data?.pages.flatMap((p) => p.actions) ?? []} />;
}

function Shown({ of: t, actions }: { of: Ticket; actions: Parameters<typeof Gallery>[0]['of'] }) {
  const say = useWords();
  const wide = useWide();
  const locked = useMe().agent.role === 'viewer' || t.merged_into !== undefined;
  const facts = <Facts of={t} locked={locked} />;
  return (
    <div className={css.ticket}>
      <Bar of={t} locked={locked} />
      <div className={css.columns}>
        {wide ? <section className={css.facts} aria-labelledby="t-facts" tabIndex={0}><h2 id="t-facts">{say('ticketPage.facts')}</h2>{facts}</section> : <details className={css.facts}><summary>{say('ticketPage.facts')}</summary>{facts}</details>}
        <section className={css.proceed} aria-labelledby="t-subject" tabIndex={0}>
          <div className={css.inside}>
            {t.merged_into && <Merged of={t} heir={t.merged_into} />}
            {t.merged_into && <Unsent number={t.number} hint="ticketPage.unsentMerged" />}
            <header><Subject of={t} locked={locked} /><State of={t} locked={locked} /></header>
            {!locked && <ActionBox of={t} />}
            <Relations of={t} locked={locked} />
            <Gallery of={actions} />
            <Proceedings of={t} locked={locked} />
          </div>
        </section>
      </div>
    </div>
  );
}

/** Where a merged ticket is by now, and the way back. */
function Merged({ of: t, heir }: { of: Ticket; heir: number }) {
  const say = useWords();
  const [asks, ask] = useState(false);
  const reader = useMe().agent.role === 'viewer';
  return (
    <div className={css.merged} role="status">
      <Icon of={GitMerge} /><span>{say('ticketPage.mergedInto')} <Link to="/tickets/$number" params={{ number: String(heir) }} className={parts.textButton}>{say('palette.ticket', { number: heir })}</Link></span>
      {!reader && <button type="button" className={join(parts.textButton, css.push)} onClick={() => ask(true)}>{say('options.unmerge')}</button>}
      {asks && <UnmergeDialog of={t} heir={heir} onShut={() => ask(false)} />}
    </div>
  );
}

function Bar({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const done = t.status === 'resolved' || t.status === 'closed';
  const turn = () => void change(t.number, { status: done ? 'in_progress' : 'resolved' });
  const may = !locked && t.status !== undefined;
  useEffect(() => (may && !done ? onKey('e', turn) : undefined), [may, done, t.number]);
  return (
    <div className={css.bar}>
      <Link to="/tickets" className={join(parts.button, parts.square)} aria-label={say('ticketPage.back')} title={say('ticketPage.back')}><Icon of={ArrowLeft} /></Link>
      <b className={css.number}><span className={css.hidden}>{say('ticket')} </span>{t.number}</b>
      {t.type && <span className={css.type}><Chip><Icon of={t.type === 'public' ? Globe : Lock} size="s" />{say(`tickets.type.${t.type}`)}</Chip></span>}
      <span className={css.push} />
      <Options of={t} locked={locked} />
      {may && <Button look={done ? 'edge' : 'done'} icon={done ? RotateCcw : Check} onClick={turn}>{say(done ? 'ticketPage.reopen' : 'ticketPage.resolve')}</Button>}
    </div>
  );
}

const wideEnough = matchMedia('(min-width: 900px)');

/** Whether both columns fit side by side. */
const useWide = (): boolean => useSyncExternalStore((l) => {
  wideEnough.addEventListener('change', l);
  return () => wideEnough.removeEventListener('change', l);
}, () => wideEnough.matches);
