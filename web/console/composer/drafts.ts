// What was typed and not sent, a text for each conversation and kind; it survives a reload.
import { own } from '../shell/own';

export type Kind = 'message' | 'note';

const most = 200; // drafts that are kept; the oldest go

export const draftOf = (conversation: string, kind: Kind): string => localStorage.getItem(nameOf(conversation, kind)) ?? '';

export function keepDraft(conversation: string, kind: Kind, text: string): void {
  const name = nameOf(conversation, kind);
  localStorage.removeItem(name); // so that it becomes the newest
  if (!text) return;
  localStorage.setItem(name, text);
  const all = Object.keys(localStorage).filter((k) => k.startsWith(own('draft.')));
  for (const old of all.slice(0, Math.max(0, all.length - most))) if (old !== name) localStorage.removeItem(old);
}

const nameOf = (conversation: string, kind: Kind): string => own(`draft.${kind}.${conversation}`);
