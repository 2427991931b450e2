// Acts that did not come about though a repeat may help: nobody answered, the desk failed, or it asked to come back. They
// stand beside the conversation until they are tried again or let go of; those of the outbox lie there, marked as refused.
import { Refusal } from '@relevo/shared/api/desk';
import { newID, type Entry, type Refused } from '@relevo/shared/live/outbox';
import { cell } from '../shell/cell';
import type { Key } from '../shell/words';

/** What an act was, as far as a sentence names it. */
export type Tried = 'assign' | 'close' | 'delete' | 'other' | 'snooze' | 'transfer';

export interface Undone {
  id: string;
  conversation: string;
  what: Tried;
  why: Refused;
  again(): void;
}

export const undone = cell<readonly Undone[]>([]);

export const drop = (id: string): void => undone.set(undone.get().filter((u) => u.id !== id));

/** Forgets an earlier failure of the same act: it is tried anew. */
export const forgetUndone = (conversation: string, what: Tried): void => undone.set(undone.get().filter((u) => u.conversation !== conversation || u.what !== what));

export function keepUndone(conversation: string, what: Tried, { code, status, message }: Refusal, again: () => void): Undone {
  const made = { id: newID(), conversation, what, why: { code, status, message }, again };
  forgetUndone(conversation, what);
  undone.set([...undone.get(), made]);
  return made;
}

/** An entry of the outbox that is no message, as the act that it is. */
export const triedIn = (e: Entry): Tried => (e.kind === 'take' ? 'assign' : (e.kind as Tried));

export const isAct = (e: Entry): boolean => e.kind !== 'message';

/** The sentence that it did not come about. */
export const sentenceOf = (what: Tried): Key => `failed.${what}`;
