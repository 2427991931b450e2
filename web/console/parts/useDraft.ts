// What was typed into a dialog and not sent. It is kept as the composer keeps its drafts: a dialog that is left by Escape, by
// a press beside it or by a reload has it again when it is opened. Each lies under a name of its own, so that two tabs do
// not write over what the other keeps.
import { useMemo, useSyncExternalStore } from 'react';
import { own } from '../shell/own';

const most = 50; // the oldest go

interface Kept { at: number; typed: object }

const listeners = new Set<() => void>();
const told = (): void => listeners.forEach((hear) => hear());

function subscribe(hear: () => void): () => void {
  listeners.add(hear);
  addEventListener('storage', hear); // another tab
  return () => {
    listeners.delete(hear);
    removeEventListener('storage', hear);
  };
}

const nameOf = (name: string): string => own(`dialog.${name}`);
const typedIn = (text: string | null): object | undefined => (text === null ? undefined : (JSON.parse(text) as Kept).typed);

export interface Draft<T> {
  value: T;
  set(change: Partial<T>): void;
  /** Once it was sent, or thrown away on purpose. */
  forget(): void;
  /** Something stands in it. */
  typed: boolean;
}

/** The draft of a dialog by its name, "close.<conversation>"; start is what stands in it first. */
export function useDraft<T extends object>(name: string, start: T): Draft<T> {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(nameOf(name)));
  const kept = useMemo(() => typedIn(text), [text]);
  return { value: { ...start, ...kept }, typed: kept !== undefined, set: (change) => keepDraft(name, change), forget: () => forgetDraft(name) };
}

/** Keeps what was changed, over what is kept by now. */
export function keepDraft(name: string, change: object): void {
  const at = nameOf(name);
  localStorage.setItem(at, JSON.stringify({ at: Date.now(), typed: { ...typedIn(localStorage.getItem(at)), ...change } } satisfies Kept));
  const all = Object.keys(localStorage).filter((k) => k.startsWith(nameOf('')));
  if (all.length > most) {
    const age = (k: string) => (JSON.parse(localStorage.getItem(k) ?? '{"at":0}') as Kept).at;
    for (const old of all.sort((a, b) => age(a) - age(b)).slice(0, all.length - most)) localStorage.removeItem(old);
  }
  told();
}

export function forgetDraft(name: string): void {
  localStorage.removeItem(nameOf(name));
  told();
}
