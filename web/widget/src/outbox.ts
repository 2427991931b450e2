// Messages wait here until the desk has them, through reloads and dead lines. Each keeps its client_id, so that it is
// stored once however often it is sent. Tabs share the box; one of them sends at a time.
import type { Refusal } from './api';
import { alone, type Keep } from './keep';
import { pause } from './pause';
import type { Draft } from './wire';

export interface Waiting extends Draft {
  /** Why the desk refused it: a code. It waits for the customer then. */
  fault?: string;
}

export interface Outbox {
  items(): Waiting[];
  add(draft: Draft): void;
  /** Takes one out: it arrived, or the customer discards it. */
  drop(clientID: string): void;
  /** Sends a refused one again. */
  again(clientID: string): void;
  /** Sends what waits, at once. */
  flush(): Promise<void>;
}

/** Makes a box kept under the name "outbox". send posts one; changed is told of every change. */
export function outbox(store: Keep, send: (draft: Draft) => Promise<void>, changed: () => void): Outbox {
  let timer: ReturnType<typeof setTimeout> | undefined, tries = 0, flushing: Promise<void> | undefined, missed = false;
  const items = (): Waiting[] => JSON.parse(store.get('outbox') ?? '[]');
  const save = (now: Waiting[]) => {
    store.set('outbox', now.length ? JSON.stringify(now) : '');
    changed();
  };
  const drop = (id: string) => save(items().filter((m) => m.client_id !== id));
  /** Marks one as refused, or as to be sent again. */
  const mark = (id: string, code: string) => save(items().map((m) => (m.client_id === id ? { ...m, fault: code } : m)));

  async function work() {
    for (let next; (next = items().find((m) => !m.fault)); ) {
      const { fault: _, ...draft } = next;
      try {
        await send(draft);
        tries = 0;
        drop(draft.client_id);
      } catch (e) {
        const refusal = e as Refusal;
        if (refusal.later) {
          timer = setTimeout(flush, pause(tries++));
          return;
        }
        mark(draft.client_id, refusal.code);
      }
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    missed = !!flushing;
    await (flushing ??= alone('outbox', work).finally(() => (flushing = undefined)));
    if (missed) await flush(); // what came while the last one left
  }

  return {
    items,
    flush,
    drop,
    add(draft) {
      save([...items(), draft]);
      void flush();
    },
    again(id) {
      mark(id, '');
      void flush();
    },
  };
}
