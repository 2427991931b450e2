// What live.ts knows and the first page shows: it may come before the open line and the outbox are loaded.
import type { LineState } from '@relevo/shared/live/line';
import type { Entry, Refused } from '@relevo/shared/live/outbox';
import { useMemo } from 'react';
import { cell, useCell } from './cell';

export const lineState = cell<LineState>({ up: true });

/** Entries of the outbox. */
export const waiting = cell<readonly Entry[]>([]);

/** Why the last try of an entry failed, by its id, while it is tried on: too much at once, or a fault of the desk. */
export const troubles = cell<ReadonlyMap<string, Refused>>(new Map());

export function troubled(id: string, why?: Refused): void {
  if (!why && !troubles.get().has(id)) return;
  const all = new Map(troubles.get());
  if (why) all.set(id, why);
  else all.delete(id);
  troubles.set(all);
}

export const useOutbox = (): readonly Entry[] => useCell(waiting);

/** Entries that wait, of one conversation. */
export function useWaiting(conversation: string): readonly Entry[] {
  const all = useCell(waiting);
  return useMemo(() => all.filter((e) => e.lane === conversation), [all, conversation]);
}
