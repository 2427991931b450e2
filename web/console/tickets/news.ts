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

/** Which version of the ticket an answer holds: an opened one, or the first page of one. 0: it says none, as its history. */
function versionIn(kept: unknown): number {
  const answer = kept as { ticket?: Ticket; pages?: { ticket?: Ticket }[] } | undefined;
  return (answer?.ticket ?? answer?.pages?.[0]?.ticket)?.version ?? 0;
}
