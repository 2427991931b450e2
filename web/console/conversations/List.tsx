import type { Conversation } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, ListFilter, Lock, MessageSquareText } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Blank, Bone, Button, Icon } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { clock } from '../parts/time';
import { cache, nameOf, useDepartments, useInboxes, useLabels, useMe } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { allWords, useWords } from '../shell/words';
import { conversationQuery } from './cache';
import css from './conversations.module.css';
import { everQuery } from './ever';
import { Filters, ViewMenu } from './Filters';
import { addressOf, nouns, type Place } from './place';
import { PlainRows } from './PlainRows';
import { frozen } from './rows';
import { useList, type ListSearch } from './useList';

const Bulk = lazy(() => allWords().then(() => import('./Bulk')));
const VirtualRows = lazy(() => import('./VirtualRows'));
const few = 60; // rows that are drawn as they are

/** The conversations of a view. */
export function List({ place, search }: { place: Place; search: ListSearch }) {
  const say = useWords();
  const { rows: live, query, status, first } = useList(place, search);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const { rows, onPointerMove, onPointerLeave } = useFrozen(live);
  const title = useTitle(place);
  const total = rows.length > 99 || query.hasNextPage ? '99+' : rows.length;
  useEffect(() => setPicked(new Set()), [place.view, place.key, status]);
  useNeighbours(rows, place.id);
  const pick = useCallback((id: string, on: boolean) => setPicked((was) => {
    const now = new Set(was);
    if (on) now.add(id);
    else now.delete(id);
    return now;
  }), []);
  return (
    <>
      <header className={css.bar}>
        <h2 className={css.title} id="list-title">{title}</h2><span className={parts.help}>{!first && !query.isError && total}</span>
        <ViewMenu place={place} search={search} />
      </header>
      {picked.size > 0 ? <Suspense fallback={<Filters place={place} search={search} />}><Bulk picked={picked} drop={() => setPicked(new Set())} /></Suspense> : <Filters place={place} search={search} />}
      {query.isError && query.data && (
        <p className={`${parts.banner} ${parts.bannerLate}`} role="status"><Icon of={CircleAlert} size="m" />{say('list.stale', { at: clock(query.dataUpdatedAt) })}
          <button type="button" className={parts.lateButton} onClick={() => void query.refetch()}>{say('retry')}</button></p>
      )}
      <div className={css.scroll} ref={box} onPointerMove={onPointerMove} onPointerLeave={onPointerLeave} tabIndex={-1}>
        {first && !query.isError ? <Bones /> : rows.length > 0
          ? <Rows rows={rows} place={place} box={box} picked={picked} onPick={pick} more={query.hasNextPage ? () => void query.fetchNextPage() : undefined} />
          : query.error ? <Failed fault={query.error} again={() => void query.refetch()} /> : <Empty place={place} status={status} />}
      </div>
    </>
  );
}

function Rows(props: React.ComponentProps<typeof VirtualRows>) {
  if (props.rows.length <= few && !props.more) return <PlainRows {...props} />;
  return <Suspense fallback={<PlainRows {...props} rows={props.rows.slice(0, few)} />}><VirtualRows {...props} /></Suspense>;
}

const rest = 2000;

/** While the pointer moves over the list no row leaves its place. */
function useFrozen(live: Conversation[]) {
  const order = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [held, hold] = useState(false);
  const rows = useMemo(() => (held ? frozen(live, order.current) : live), [held, live]);
  order.current = rows.map((c) => c.id);
  const free = useCallback(() => {
    clearTimeout(timer.current);
    hold(false);
  }, []);
  const onPointerMove = useCallback(() => {
    hold(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(free, rest);
  }, [free]);
  return { rows, onPointerMove, onPointerLeave: free };
}

/** Reads the neighbours of what is shown, so that going there is instant. */
function useNeighbours(rows: Conversation[], id: string | undefined): void {
  const at = rows.findIndex((c) => c.id === id);
  const near = [rows[at + 1]?.id, at > 0 ? rows[at - 1]?.id : undefined].filter((x): x is string => x !== undefined).join(' ');
  useEffect(() => {
    for (const one of near.split(' ').filter(Boolean)) void cache.prefetchQuery(conversationQuery(one));
  }, [near]);
}

function useTitle(place: Place): string {
  const say = useWords();
  const all = { department: useDepartments(), inbox: useInboxes(), label: useLabels() };
  if ((nouns as readonly string[]).includes(place.view)) return nameOf(all[place.view as 'label'], place.key);
  return say(`view.${place.view as 'mine'}`);
}

function Bones() {
  const say = useWords();
  return (
    <>
      <ul aria-hidden="true">
        {[46, 62, 38, 54, 70, 44].map((wide) => (
          <li key={wide} className={css.link}>
            <Bone wide={16} high={16} /><Bone wide={`${wide}%`} high={10} /><Bone wide={28} />
            <span className={css.text}><Bone wide={`${wide + 24}%`} /></span>
          </li>
        ))}
      </ul>
      <p className={parts.onlyRead} role="status">{say('list.loading')}</p>
    </>
  );
}

/** Apart from Empty, which reads another list: reading the one that failed once more, it would never come to rest. */
function Failed({ fault, again }: { fault: Error; again(): void }) {
  const say = useWords();
  const forbidden = (fault as { code?: string }).code === 'forbidden';
  return (
    <Blank icon={forbidden ? Lock : CircleAlert} title={say(forbidden ? 'list.forbidden' : 'list.failed')}>
      <p role="alert">{reasonOf(fault)}</p><Button look="edge" onClick={again}>{say('retry')}</Button>
    </Blank>
  );
}

function Empty({ place, status }: { place: Place; status: Conversation['status'] }) {
  const say = useWords();
  const go = useNavigate();
  const me = useMe();
  const unassigned = useList({ view: 'unassigned' }, {});
  const inboxes = useInboxes();
  const { data: written, isLoading } = useQuery({ ...everQuery, enabled: status === 'open' });
  if (status !== 'open') {
    return <Blank icon={ListFilter} title={say('list.noneIn', { status: say(`statuses.${status}`).toLowerCase() })}><Button look="edge" onClick={() => void go({ to: addressOf(place) })}>{say('list.showOpen')}</Button></Blank>;
  }
  const key = inboxes.find((b) => b.channel === 'webchat')?.key;
  if (key && written === false && unassigned.rows.length === 0) {
    const snippet = `<script async src="${location.origin}/widget.js" data-inbox="${key}"></script>`;
    return (
      <Blank icon={MessageSquareText} title={say('list.begin')}>
        <p>{say('list.paste')}</p><code className={parts.code}>{snippet}</code>
        <Button look="edge" onClick={() => void navigator.clipboard.writeText(snippet)}>{say('copy')}</Button>
      </Blank>
    );
  }
  if (isLoading) return null;
  const oldest = unassigned.rows[0];
  return (
    <Blank icon={CircleCheck} title={say('list.upToDate')}>
      <p>{unassigned.rows.length > 0 ? say('list.unassignedWait', { count: unassigned.rows.length }) : say('list.nothing')}</p>
      {oldest && me.agent.role !== 'viewer' && place.view !== 'unassigned' && (
        <Button look="go" onClick={() => void import('./acts').then(({ assign }) => assign(oldest.id, me.agent)).then(() => go({ to: addressOf({ view: 'mine', id: oldest.id }) }))}>{say('list.takeOldest')}</Button>
      )}
    </Blank>
  );
}
