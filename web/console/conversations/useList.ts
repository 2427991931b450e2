import type { Conversation } from '@relevo/shared/api/desk';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useNotifications } from '../shell/desk';
import { useOutbox } from '../shell/waiting';
import { conversationQuery, listQuery, type Sort } from './cache';
import type { Place } from './place';
import { rowsOf } from './rows';

export interface ListSearch {
  status?: Conversation['status'];
  sort?: Sort;
}

/** What a view holds, with the state of reading it. */
export function useList(place: Pick<Place, 'view' | 'key'>, search: ListSearch) {
  const status = search.status ?? 'open';
  const mentions = place.view === 'mentions';
  const query = useInfiniteQuery({ ...listQuery(place, { status }), enabled: !mentions });
  const waiting = useOutbox();
  const mentioned = useMentioned(mentions);
  const rows = useMemo(() => {
    if (mentions) return mentioned.filter((c) => c.status === status);
    return rowsOf(query.data?.pages.flatMap((p) => p.items) ?? [], waiting, status, search.sort ?? 'newest');
  }, [mentions, mentioned, query.data, waiting, status, search.sort]);
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

/** How many stand in a view: exact up to 99. */
export function useCount(place: Pick<Place, 'view' | 'key'>, enabled: boolean): string {
  const waiting = useOutbox();
  const { data } = useInfiniteQuery({ ...listQuery(place, { status: 'open' }), enabled });
  if (!data) return '';
  const rows = rowsOf(data.pages.flatMap((p) => p.items), waiting, 'open', 'newest');
  return rows.length > most || data.pages[data.pages.length - 1]?.cursor ? `${most}+` : String(rows.length);
}
