// What the desk tells of tickets while they are shown: queries under ['ticket', number] and ['tickets', …] are read again.
import { cache } from '../shell/desk';

/** The data of a ticket.changed frame. With action, only that action was marked with what it set off. */
export interface TicketNews { number: number; version: number; action?: string }

const pause = 1000; // between two readings of the lists, however much happens
let soon: ReturnType<typeof setTimeout> | undefined;
let lastRead = 0;

/** Reads a ticket again, with all that is kept of it, unless this version is kept already; and the lists of tickets. */
export function heardTicket(news: TicketNews): void {
  const known = cache.getQueryData<{ ticket: { version: number } }>(['ticket', news.number])?.ticket.version ?? 0;
  if (news.action || known < news.version) void cache.invalidateQueries({ queryKey: ['ticket', news.number] });
  if (!news.action) rereadTicketsSoon();
}

/** Reads the lists of tickets again: at once, but not more often than every second. */
export function rereadTicketsSoon(): void {
  soon ??= setTimeout(() => {
    soon = undefined;
    lastRead = Date.now();
    void cache.invalidateQueries({ queryKey: ['tickets'] });
  }, Math.max(0, lastRead + pause - Date.now()));
}
