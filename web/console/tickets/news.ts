// What the desk tells of tickets while they are shown: queries under ['ticket', number] are read again; lists and boards
// read that one ticket and put it in its place.
import type { Ticket } from '@relevo/shared/api/desk';
import { cache } from '../shell/desk';
import { correctLists } from './lists';

/** The data of a ticket.changed frame: its version, or an action of it that was marked with what it set off. */
export interface TicketNews { number: number; version?: number; action?: string }

/** Reads a ticket again, with all that is kept of it, unless this version is kept already; and corrects the lists. */
export function heardTicket(news: TicketNews): void {
  const { number, version = Infinity } = news;
  void cache.invalidateQueries({ queryKey: ['ticket', number], predicate: (q) => versionIn(q.state.data) < version });
  if (news.version !== undefined) correctLists({ number, version: news.version });
}

/** The newest version of each ticket that the desk told of while it is watched. */
const newest = new Map<number, number>();

/** The desk began to tell of a ticket that has this version: what is kept, or on its way, may be of before. */
export function watchedTicket(number: number, version: number): void {
  newest.set(number, version);
  void cache.invalidateQueries({ queryKey: ['ticket', number], predicate: (q) => isOlder(q, version) });
}

const isOlder = (q: { state: { data: unknown } }, version: number): boolean => {
  const has = versionIn(q.state.data);
  return has > 0 && has < version;
};

cache.getQueryCache().subscribe((e) => {
  const [what, number] = e.query.queryKey as [unknown, unknown];
  if (e.type !== 'updated' || e.action.type !== 'success' || what !== 'ticket' || !isOlder(e.query, newest.get(Number(number)) ?? 0)) return;
  void cache.invalidateQueries({ queryKey: e.query.queryKey, exact: true });
});

/** Which version of the ticket an answer holds: an opened one, or the first page of one. 0: it says none, as its history. */
function versionIn(kept: unknown): number {
  const answer = kept as { ticket?: Ticket; pages?: { ticket?: Ticket }[] } | undefined;
  return (answer?.ticket ?? answer?.pages?.[0]?.ticket)?.version ?? 0;
}
