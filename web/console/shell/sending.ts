// How each kind of entry of the outbox is sent, and what becomes of it.
import { Refusal, type Closing, type Conversation, type Message, type NewMessage, type Ticket } from '@relevo/shared/api/desk';
import type { Entry, Outbox } from '@relevo/shared/live/outbox';
import { conversationQuery, findConversation, putConversation, putMessage, reread, rereadListsSoon } from '../conversations/cache';
import { corrected } from '../conversations/faster';
import { nameOfContact } from '../conversations/overlaid';
import { isAct, sentenceOf, triedIn } from '../conversations/undone';
import { forgetDraft } from '../parts/useDraft';
import { cache, data, desk, meQuery } from './desk';
import { leftTicket } from './left';
import { reasonOf, toast } from './toasts';
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
    case 'take':
      return taken(e.lane, e.body as { agent: string }, leaving);
    case 'delete':
      return data(desk.DELETE('/v1/conversations/{id}/messages/{message}', { params: { path: { id: e.lane, message: String(e.body) } }, keepalive: leaving }));
    default:
      throw new Error(`the outbox holds an unknown kind: ${e.kind}`);
  }
}

/** Gives a conversation to whom replied in it, unless it is somebody's by now: he may have been offline for long. */
async function taken(id: string, body: { agent: string }, keepalive: boolean): Promise<Conversation> {
  const path = { id };
  const { conversation: c } = await data(desk.GET('/v1/conversations/{id}', { params: { path, query: { fresh: true } }, keepalive }));
  if (c.assignee || c.waits_for || !c.allowed?.includes('assign')) return c;
  return data(desk.POST('/v1/conversations/{id}/assign', { params: { path }, body, keepalive }));
}

const quietTries = 2;
const tries = new Map<string, number>();

/** Whether an act is given up for now: the desk failed again and again, or asked to come back. Then it is shown as not
 *  done, and whoever did it tries it again. Messages go on by themselves, for they show that they wait; so does what nobody answers. */
export function givenUp(e: Entry, cause: unknown): Refusal | undefined {
  if (!isAct(e) || !(cause instanceof Refusal) || !cause.passing || cause.status === 0) return undefined;
  const n = (tries.get(e.id) ?? 0) + 1;
  if (n <= quietTries) tries.set(e.id, n);
  else tries.delete(e.id);
  return n > quietTries ? cause : undefined;
}

/** Reads the conversation of an act that was given up, for it may have come about all the same; tells of it where the
 *  conversation is not shown. Where it is, the thread does. */
export async function gaveUp(e: Entry, refusal: Refusal, shown: boolean, outbox: Outbox): Promise<void> {
  rereadListsSoon();
  await reread(e.lane);
  const c = findConversation(e.lane);
  if (c && settled(e, c, outbox)) return;
  if (!shown) toast(`${c ? `${nameOfContact(c)}: ` : ''}${say(sentenceOf(triedIn(e)))} ${reasonOf(refusal)}`, { tone: 'late', action: { text: say('retry'), run: () => void outbox.retry(e.id) } });
}

/** Drops an act that was refused or given up if the conversation is as it would leave it by now; true if it is. */
export function settled(e: Entry, c: Conversation, outbox: Outbox): boolean {
  if (!wanted(e, c)) return false;
  forgetDraftOf(e);
  void outbox.remove(e.id);
  return true;
}

/** Not before: an act may be undone or refused. */
function forgetDraftOf(e: Entry): void {
  if (e.kind === 'close') forgetDraft(`close.${e.lane}`);
}

export function delivered(e: Entry, answer: unknown): void {
  switch (e.kind) {
    case 'message':
      return putMessage(e.lane, answer as Message);
    case 'close': {
      forgetDraftOf(e);
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
      forgetDraftOf(e);
      return rereadListsSoon();
    }
    return corrected(e.lane, refusal, say(sentenceOf(triedIn(e))));
  });
}

/** True if a conversation is as an act would leave it. */
function wanted(e: Entry, c: Conversation): boolean {
  switch (e.kind) {
    case 'close':
      return c.status === 'resolved' && closedSo(c, (e.body as Closing).note);
    case 'snooze':
      return c.status === 'snoozed';
    case 'take':
      return !!(c.assignee || c.waits_for); // it asks for no more than that it is somebody's
    case 'assign':
      return c.assignee === (e.body as { agent: string }).agent || c.waits_for === (e.body as { agent: string }).agent;
    default:
      return false;
  }
}

/** True if the close was one's own, with that note: what a colleague closed it with says nothing of what one wrote. */
function closedSo(c: Conversation, note: Closing['note']): boolean {
  const last = cache.getQueryData(conversationQuery(c.id).queryKey)?.messages.findLast((m) => m.event === 'conversation.closed');
  return last?.author.id !== undefined && last.author.id === cache.getQueryData(meQuery.queryKey)?.agent.id
    && (c.note?.category ?? '') === (note?.category ?? '') && (c.note?.summary ?? '') === (note?.summary ?? '');
}
