// Files on their way: each with its progress, to be stopped at any time. One that was not taken stays, with the reason, until
// it is tried again or removed: what is written does not go without it unnoticed.
import { Refusal } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { upload } from '@relevo/shared/upload';
import { useMemo } from 'react';
import { cell, useCell, type Cell } from '../shell/cell';
import { data, desk } from '../shell/desk';
import { deskConfig } from '../shell/session';
import { reasonOf } from '../shell/toasts';
import { say } from '../shell/words';
import { size } from '../parts/time';

export interface Loading {
  id: string;
  name: string;
  size: number;
  share: number;
  /** What a message names it by, once it is there. */
  key?: string | undefined;
  /** Why it is not there, if it was refused; with what tries it again where that may help. */
  fault?: { why: string; again?: (() => void) | undefined } | undefined;
  stop(): void;
}

export const mostFiles = 10; // of a message

const trays = new Map<string, Cell<readonly Loading[]>>();

/** The files of what is written at a place: they go on loading, and are still there, when one looks at another meanwhile. */
export function useUploads(place: string) {
  const tray = trays.get(place) ?? cell<readonly Loading[]>([]);
  trays.set(place, tray);
  const files = useCell(tray);
  return useMemo(() => {
    const set: Change = (change) => tray.set(change(tray.get()));
    return {
      files,
      /** Some are not there yet, or not at all: what is written waits for them. */
      unready: files.some((f) => !f.key),
      attach: (chosen: Iterable<File>) => { for (const file of chosen) void begin(file, tray.get().length, set); },
      drop: (id: string) => set((all) => all.filter((f) => f.id !== id)),
      clear: () => set(() => []),
    };
  }, [tray, files]);
}

type Change = (change: (all: readonly Loading[]) => readonly Loading[]) => void;

async function begin(file: File, before: number, set: Change): Promise<void> {
  const id = newID(), name = file.name || 'image.png', limit = deskConfig().max_attachment;
  const why = before >= mostFiles ? say('file.tooMany', { most: mostFiles }) : limit > 0 && file.size > limit ? say('file.atMost', { most: size(limit) }) : undefined;
  set((all) => [...all, { id, name, size: file.size, share: 0, fault: why ? { why } : undefined, stop: () => undefined }]);
  if (!why) await send(file, { id, name }, set);
}

async function send(file: File, { id, name }: Pick<Loading, 'id' | 'name'>, set: Change): Promise<void> {
  const abort = new AbortController();
  const change = (next: Partial<Loading>) => set((all) => all.map((f) => (f.id === id ? { ...f, ...next } : f)));
  change({ share: 0, fault: undefined, stop: () => abort.abort() });
  try {
    const form = await data(desk.POST('/v1/uploads', { body: { name, type: file.type || 'application/octet-stream', size: file.size } }));
    await upload(form, file, (share) => change({ share }), abort.signal);
    change({ share: 1, key: form.key });
  } catch (cause) {
    if (abort.signal.aborted) return; // who stops it removes it
    const passing = !(cause instanceof Refusal) || cause.passing;
    change({ fault: { why: reasonOf(cause), again: passing ? () => void send(file, { id, name }, set) : undefined } });
  }
}
