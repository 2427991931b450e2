import type { Conversation } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { say } from '../shell/words';

/** What to call the customer. */
export const nameOfContact = (c: Conversation): string => c.contact.name || c.contact.email || say('visitor', { number: c.number });

/** A conversation as it will be once what waits in the outbox has gone. */
export function overlaid(c: Conversation, waiting: readonly Entry[]): Conversation {
  return waiting.reduce((now, e) => {
    if (e.lane !== c.id || e.refused) return now;
    switch (e.kind) {
      case 'close':
        return { ...now, status: 'resolved' as const };
      case 'snooze':
        return { ...now, status: 'snoozed' as const, snoozed_until: (e.body as { at?: string }).at };
      case 'assign':
      case 'take':
        if (e.kind === 'take' && (now.assignee || now.waits_for)) return now; // somebody was faster
        return { ...now, assignee: (e.body as { agent: string }).agent, waits_for: undefined };
      default:
        return now;
    }
  }, c);
}
