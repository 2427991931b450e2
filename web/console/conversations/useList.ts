import type { Conversation, Priority } from '@relevo/shared/api/desk';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { alive, useCounts, useDepartments, useInboxes, useLabels, useMe, useNotifications } from '../shell/desk';
import { useOutbox } from '../shell/waiting';
import { belongs, conversationQuery, findConversation, listQuery, type Sort } from './cache';
import type { Place } from './place';
import { rowsOf } from './rows';

export interface ListSearch {
  status?: Conversation['status'];
  sort?: Sort;
  priority?: Priority;
}

/** What a view holds, with the state of reading it. */
export function useList(place: Pick<Place, 'view' | 'key'>, search: ListSearch) {
  const status = search.status ?? 'open';
  const mentions = place.view === 'mentions';
  const query = useInfiniteQuery({ ...listQuery(place, { status }), enabled: !mentions });
  const waiting = useOutbox();
  const mentioned = useMentioned(mentions);
  const rows = useMemo(() => {
    const wanted = (c: Conversation) => !search.priority || c.priority === search.priority;
    if (mentions) return mentioned.filter((c) => c.status === status && wanted(c));
    return rowsOf(query.data?.pages.flatMap((p) => p.items) ?? [], waiting, status, search.sort ?? 'newest', place.view).filter(wanted);
  }, [mentions, mentioned, query.data, waiting, status, search.sort, search.priority, place.view]);
  return { rows, query, status, first: !mentions && query.isPending };
}

/** Conversations in whose notes I was mentioned, newest mention first. */
function useMentioned(wanted: boolean): Conversation[] {
  const told = useNotifications();
  const ids = useMemo(() => (wanted ? [...new Set(told.flatMap((n) => (n.kind === 'mention' && n.conversation ? [n.conversation] : [])))] : []), [wanted, told]);
  return useQueries({
    queries: ids.map((id) => conversationQuery(id)),
    combine: (all) => all.flatMap((q) => (q.data ? [q.data.conversation] : [])),
  });
}

const most = 99;

/** How many open ones stand in a view; empty where it is not known. What leaves it in five seconds is gone already. */
export function useCountOf(): (place: Pick<Place, 'view' | 'key'>) => string {
  const counts = useCounts();
  const me = useMe().agent.id;
  const waiting = useOutbox();
  return ({ view, key }) => {
    const leaving = waiting.filter((e) => {
      const c = e.refused || (e.kind !== 'close' && e.kind !== 'snooze') ? undefined : findConversation(e.lane);
      return c?.status === 'open' && view !== 'mentions' && belongs(c, view, key ?? '', me);
    }).length;
    const n = view === 'department' ? counts?.departments[key ?? ''] : view === 'inbox' ? counts?.inboxes[key ?? ''] : view === 'label' ? counts?.labels[key ?? ''] : counts?.[view];
    if (n === undefined) return '';
    return n > most ? `${most}+` : String(Math.max(0, n - leaving));
  };
}

/** What there is beside the five views: the departments that one sees, inboxes, labels. */
export function useNouns() {
  const seen = useCounts()?.departments;
  return [
    { view: 'department', title: 'departments', all: alive(useDepartments()).filter((d) => !seen || d.id in seen) },
    { view: 'inbox', title: 'inboxes', all: alive(useInboxes()) },
    { view: 'label', title: 'labels', all: alive(useLabels()) },
  ] as const;
}
