// What the desk tells of tickets while they are shown: queries under ['ticket', number] are read again; lists and boards
// read that one ticket and put it in its place.
import { cache } from '../shell/desk';
import { correctLists } from './lists';

/** The data of a ticket.changed frame. With action, only that action was marked with what it set off. */
export interface TicketNews { number: number; version: number; action?: string }

/** Reads a ticket again, with all that is kept of it, unless this version is kept already; and corrects the lists. */
export function heardTicket(news: TicketNews): void {
  const known = cache.getQueryData<{ ticket: { version: number } }>(['ticket', news.number])?.ticket.version ?? 0;
  if (news.action || known < news.version) void cache.invalidateQueries({ queryKey: ['ticket', news.number] });
  if (!news.action) correctLists(news);
}
