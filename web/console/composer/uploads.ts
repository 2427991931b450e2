// Files on their way: each with its progress, to be stopped at any time.
import { Refusal } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { upload } from '@relevo/shared/upload';
import { useMemo } from 'react';
import { cell, useCell, type Cell } from '../shell/cell';
import { data, desk } from '../shell/desk';
import { deskConfig } from '../shell/session';
import { complain, toast } from '../shell/toasts';
import { say } from '../shell/words';
import { size } from '../parts/time';

export interface Loading {
  id: string;
  name: string;
  size: number;
  share: number;
  /** What a message names it by, once it is there. */
  key?: string;
  stop(): void;
}

const most = 10; // attachments of a message

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
      attach: (chosen: Iterable<File>) => { for (const file of [...chosen].slice(0, most)) void send(file, set); },
      drop: (id: string) => set((all) => all.filter((f) => f.id !== id)),
      clear: () => set(() => []),
    };
  }, [tray, files]);
}

type Change = (change: (all: readonly Loading[]) => readonly Loading[]) => void;

async function send(file: File, set: Change): Promise<void> {
  const limit = deskConfig().max_attachment;
  if (limit > 0 && file.size > limit) {
    toast(say('file.tooLarge', { name: file.name, most: size(limit) }), { tone: 'late' });
    return;
  }
  const abort = new AbortController();
  const id = newID();
  const change = (next: Partial<Loading>) => set((all) => all.map((f) => (f.id === id ? { ...f, ...next } : f)));
  const gone = () => set((all) => all.filter((f) => f.id !== id));
  set((all) => [...all, { id, name: file.name || 'image.png', size: file.size, share: 0, stop: () => abort.abort() }]);
  try {
    const form = await data(desk.POST('/v1/uploads', { body: { name: file.name || 'image.png', type: file.type || 'application/octet-stream', size: file.size } }));
    await upload(form, file, (share) => change({ share }), abort.signal);
    change({ share: 1, key: form.key });
  } catch (cause) {
    gone();
    if (cause instanceof Refusal) complain(cause, say('file.failed', { name: file.name }));
  }
}
