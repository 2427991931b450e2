// What live.ts knows and the first page shows: it may come before the open line and the outbox are loaded.
import type { LineState } from '@relevo/shared/live/line';
import type { Entry } from '@relevo/shared/live/outbox';
import { useMemo } from 'react';
import { cell, useCell } from './cell';

export const lineState = cell<LineState>({ up: true });

/** Entries of the outbox. */
export const waiting = cell<readonly Entry[]>([]);

export const useOutbox = (): readonly Entry[] => useCell(waiting);

/** Entries that wait, of one conversation. */
export function useWaiting(conversation: string): readonly Entry[] {
  const all = useCell(waiting);
  return useMemo(() => all.filter((e) => e.lane === conversation), [all, conversation]);
}
