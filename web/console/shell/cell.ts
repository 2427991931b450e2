import { useSyncExternalStore } from 'react';

/** A value outside of React that components may follow. */
export interface Cell<T> {
  get(): T;
  set(next: T): void;
  subscribe(listener: () => void): () => void;
}

export function cell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A cell that this browser remembers under a name. */
export function keptCell<T>(name: string, initial: T): Cell<T> {
  const kept = localStorage.getItem(name);
  const inner = cell<T>(kept === null ? initial : (JSON.parse(kept) as T));
  return {
    ...inner,
    set(next) {
      localStorage.setItem(name, JSON.stringify(next));
      inner.set(next);
    },
  };
}

export const useCell = <T,>(c: Cell<T>): T => useSyncExternalStore(c.subscribe, c.get);
