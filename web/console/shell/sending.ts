// How each kind of entry of the outbox is sent, and what becomes of it.
import type { Closing, Conversation, Message, NewMessage, Refusal, Ticket } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { findConversation, putConversation, putMessage, reread, rereadListsSoon } from '../conversations/cache';
import { corrected } from '../conversations/faster';
import { forgetDraft } from '../parts/useDraft';
import { data, desk } from './desk';
import { leftTicket } from './left';
import { say } from './words';

/** Sends one. leaving: the page goes away, and the browser is to send it all the same. */
export async function sendEntry(e: Entry, leaving = false): Promise<unknown> {
  const at = (id: string) => ({ params: { path: { id } }, keepalive: leaving });
  switch (e.kind) {
    case 'message':
      return data(desk.POST('/v1/conversations/{id}/messages', { ...at(e.lane), body: e.body as NewMessage as never }));
    case 'close':
      return data(desk.POST('/v1/conversations/{id}/close', { ...at(e.lane), body: e.body as Closing }));
    case 'snooze':
      return data(desk.POST('/v1/conversations/{id}/snooze', { ...at(e.lane), body: e.body as { until?: 'next_reply' } }));
    case 'assign':
      return data(desk.POST('/v1/conversations/{id}/assign', { ...at(e.lane), body: e.body as { agent: string } }));
    case 'delete':
      return data(desk.DELETE('/v1/conversations/{id}/messages/{message}', { params: { path: { id: e.lane, message: String(e.body) } }, keepalive: leaving }));
    default:
      throw new Error(`the outbox holds an unknown kind: ${e.kind}`);
  }
}

export function delivered(e: Entry, answer: unknown): void {
  switch (e.kind) {
    case 'message':
      return putMessage(e.lane, answer as Message);
    case 'close': {
      forgetDraft(`close.${e.lane}`); // not before: it may be undone or refused
      const closed = answer as { conversation: Conversation; ticket?: Ticket };
      putConversation(closed.conversation);
      if (closed.ticket) leftTicket.set({ conversation: e.lane, number: closed.ticket.number });
      return rereadListsSoon();
    }
    case 'delete':
      return;
    default:
      putConversation(answer as Conversation);
      rereadListsSoon();
  }
}

/** What was shown as done and was not: it is read again, and the reason told; not, if it is as it was wanted by now. */
export function refusedLater(e: Entry, refusal: Refusal): void {
  if (e.kind === 'message') return; // it says so in its place
  void import('./live').then(({ outbox }) => outbox().remove(e.id));
  void reread(e.lane).then(() => {
    const c = findConversation(e.lane);
    if (refusal.code === 'conflict' && c && wanted(e, c)) { // it went as a page went away, which did not hear of it
      if (e.kind === 'close') forgetDraft(`close.${e.lane}`);
      return rereadListsSoon();
    }
    return corrected(e.lane, refusal, say(`failed.${e.kind}` as 'failed.close'));
  });
}

/** True if a conversation is as an act would leave it. */
function wanted(e: Entry, c: Conversation): boolean {
  switch (e.kind) {
    case 'close':
      return c.status === 'resolved';
    case 'snooze':
      return c.status === 'snoozed';
    case 'assign':
      return c.assignee === (e.body as { agent: string }).agent || c.waits_for === (e.body as { agent: string }).agent;
    default:
      return false;
  }
}
