// What was typed and not sent, a text for each conversation, kind and tab; it survives a reload, and the last the browser's end.
import { own } from '../shell/own';

export type Kind = 'message' | 'note';

const most = 200; // drafts that are kept; the oldest go

/** This tab's own; else what another tab, perhaps gone, left. */
export function draftOf(conversation: string, kind: Kind): string {
  const name = nameOf(conversation, kind);
  return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? '';
}

/** Keeps it for this tab, and for the next one unless another tab's text lies there: two tabs may write in one conversation. */
export function keepDraft(conversation: string, kind: Kind, text: string): void {
  const name = nameOf(conversation, kind), left = localStorage.getItem(name);
  const ours = left === null || left === draftOf(conversation, kind);
  sessionStorage.setItem(name, text);
  if (!ours) return;
  localStorage.removeItem(name); // so that it becomes the newest
  if (!text) return;
  localStorage.setItem(name, text);
  const all = Object.keys(localStorage).filter((k) => k.startsWith(own('draft.')));
  for (const old of all.slice(0, Math.max(0, all.length - most))) if (old !== name) localStorage.removeItem(old);
}

const nameOf = (conversation: string, kind: Kind): string => own(`draft.${kind}.${conversation}`);
