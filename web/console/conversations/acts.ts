// What is done to a conversation: shown at once, corrected when the desk refuses. What others would notice waits five
// seconds in the outbox, where it can be taken back.
import { Refusal, type Agent, type Closing, type Conversation, type NewMessage, type Priority } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { cache, data, desk, meQuery } from '../shell/desk';
import { isShown, line, outbox } from '../shell/live';
import { forgetDraft } from '../parts/useDraft';
import { dismiss, reasonOf, toast } from '../shell/toasts';
import { say } from '../shell/words';
import { corrected } from './faster';
import { nameOfContact } from './overlaid';
import { findConversation, patchConversation, putConversation, reread, rereadListsSoon } from './cache';
import { drop, forgetUndone, isAct, keepUndone, sentenceOf, triedIn, type Tried } from './undone';

export const undoTime = 5000;

const at = (id: string) => ({ params: { path: { id } } });
type Plain = 'accept' | 'unassign' | 'pending' | 'open' | 'reopen' | 'mute' | 'unmute';

const looks: Record<Plain, (c: Conversation, me: string | undefined) => Partial<Conversation>> = {
  accept: (_, me) => ({ assignee: me, waits_for: undefined }),
  unassign: () => ({ assignee: undefined, waits_for: undefined }),
  pending: () => ({ status: 'pending' }),
  open: () => ({ status: 'open', snoozed_until: undefined }),
  reopen: () => ({ status: 'open' }),
  mute: () => ({ muted: true }),
  unmute: () => ({ muted: false }),
};

/** Does something that needs no words. */
export const act = (id: string, name: Plain): Promise<boolean> =>
  tried(id, (c) => looks[name](c, me()), () => data(desk.POST(`/v1/conversations/{id}/${name}`, at(id))));

export const setLabels = (id: string, labels: string[]): Promise<boolean> =>
  tried(id, () => ({ labels }), () => data(desk.POST('/v1/conversations/{id}/labels', { ...at(id), body: { labels } })));

export const setPriority = (id: string, priority: Priority): Promise<boolean> =>
  tried(id, () => ({ priority }), () => data(desk.POST('/v1/conversations/{id}/priority', { ...at(id), body: { priority } })));

/** Hands it over; name is whom to, for the one who did it. The reason stays among the drafts until it went. */
export const transfer = (id: string, to: { department?: string; agent?: string; reason?: string }, name?: string): Promise<boolean> =>
  tried(id, () => ({}), () => data(desk.POST('/v1/conversations/{id}/transfer', { ...at(id), body: to })), 'transfer', () => {
    forgetDraft(`transfer.${id}`);
    if (name) toast(say('transfer.done', { to: name }), { tone: 'done' });
  });

export const linkTicket = (id: string, number: number): Promise<boolean> =>
  tried(id, () => ({ ticket: number }), () => data(desk.POST('/v1/conversations/{id}/ticket', { ...at(id), body: { number } })));

export const unlinkTicket = (id: string): Promise<boolean> =>
  tried(id, () => ({ ticket: undefined }), () => data(desk.DELETE('/v1/conversations/{id}/ticket', at(id))));

/** Makes the link that the customer proposed (B80). */
export const confirmTicket = (id: string): Promise<boolean> =>
  tried(id, (c) => ({ ticket: c.proposed_ticket, proposed_ticket: undefined }), () => data(desk.POST('/v1/conversations/{id}/ticket/confirm', at(id))));

export const rejectTicket = (id: string): Promise<boolean> =>
  tried(id, () => ({ proposed_ticket: undefined }), () => data(desk.POST('/v1/conversations/{id}/ticket/reject', at(id))));

export const newTicket = (id: string, new_ticket: { client_id: string; subject: string }): Promise<boolean> =>
  tried(id, () => ({}), () => data(desk.POST('/v1/conversations/{id}/ticket', { ...at(id), body: { new_ticket } })));

export const sendTranscript = (id: string, to: { client_id: string; assignee?: true; email?: string }): Promise<void> =>
  data(desk.POST('/v1/conversations/{id}/transcript', { ...at(id), body: to }));

export async function assign(id: string, agent: Agent): Promise<void> {
  const c = findConversation(id);
  if (agent.id === me()) {
    await tried(id, () => ({ assignee: agent.id, waits_for: undefined }), () => data(desk.POST('/v1/conversations/{id}/assign', { ...at(id), body: { agent: agent.id } })), 'assign');
    return;
  }
  await later(id, 'assign', { agent: agent.id }, say('did.assign', { who: agent.name, name: c ? nameOfContact(c) : '' }));
}

export async function snooze(id: string, body: { until?: 'next_reply' | 'tomorrow' | 'next_week'; at?: string }, when: string): Promise<void> {
  const c = findConversation(id);
  await later(id, 'snooze', body, say('did.snooze', { name: c ? nameOfContact(c) : '', when }));
}

export async function close(id: string, body: Closing): Promise<void> {
  const c = findConversation(id);
  await later(id, 'close', body, say('did.close', { name: c ? nameOfContact(c) : '' }));
}

export async function deleteMessage(id: string, message: string): Promise<void> {
  await later(id, 'delete', message, say('did.delete'));
}

/** Sends a reply or a note; it shows at once, and goes when there is a way. taker: who attends the conversation from then
 *  on, if it is nobody's; that waits behind the reply. */
export async function write(id: string, body: Omit<NewMessage, 'client_id'>, shown: unknown, taker?: string): Promise<void> {
  const client_id = newID();
  const added = [outbox().add({ id: client_id, lane: id, kind: 'message', body: { ...body, client_id }, shown })];
  // Of two that were added in the same millisecond the box sorts by id: this one comes after its reply.
  if (taker) added.push(outbox().add({ id: `${client_id}.take`, lane: id, kind: 'take', body: { agent: taker } }));
  line().expect();
  await Promise.all(added);
}

async function later(id: string, kind: Tried, body: unknown, text: string): Promise<void> {
  const entry = newID();
  for (const e of outbox().all()) if (e.lane === id && e.refused && isAct(e) && triedIn(e) === kind) void outbox().remove(e.id);
  await outbox().add({ id: entry, lane: id, kind, body, due: Date.now() + undoTime });
  const note = toast(text, { drains: undoTime, action: { text: say('undo'), run: () => {
    dismiss(note);
    void outbox().remove(entry);
  } } });
}

async function tried(id: string, look: (c: Conversation) => Partial<Conversation>, call: () => Promise<Conversation>, what: Tried = 'other', done?: () => void): Promise<boolean> {
  const was = findConversation(id);
  const looks: Partial<Conversation> = was ? look(was) : {};
  forgetUndone(id, what);
  patchConversation(id, (c) => ({ ...c, ...look(c) }));
  try {
    putConversation(await call());
    rereadListsSoon();
    done?.();
    return true;
  } catch (cause) {
    // Also where it cannot be read again now, it is shown as it is; but nothing is put over what the desk told meanwhile.
    if (was) patchConversation(id, (c) => (c.version > was.version ? c : { ...c, ...Object.fromEntries(Object.keys(looks).map((k) => [k, was[k as keyof Conversation]])) }));
    if (cause instanceof Refusal && cause.passing) {
      rereadListsSoon();
      void reread(id); // it may have come about all the same
      const { id: failure, again } = keepUndone(id, what, cause, () => { drop(failure); void tried(id, look, call, what, done); });
      if (!isShown(id)) toast(`${say(sentenceOf(what))} ${reasonOf(cause)}`, { tone: 'late', action: { text: say('retry'), run: again } });
    } else void corrected(id, cause);
    return false;
  }
}

const me = (): string | undefined => cache.getQueryData(meQuery.queryKey)?.agent.id;
