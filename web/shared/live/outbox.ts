// What was said or done and the desk has not taken yet. It lies in IndexedDB, so a reload or a closed tab loses nothing;
// every entry bears a client id, so that sending it twice does it once. Entries of one lane go in order.
import { wait } from './backoff';
import { shelf } from './shelf';

export interface Entry {
  id: string;
  /** Entries of one lane go one after the other: a conversation. */
  lane: string;
  kind: string;
  body: unknown;
  /** What it looks like to others meanwhile, for the one who shows it. */
  shown?: unknown;
  at: number;
  /** Not before this instant: until then it can be taken back. */
  due: number;
  /** The desk refused it; it stays until it is tried again or discarded. */
  refused?: Refused;
}

/** Why something did not go. Without a status (or 0) nobody answered. */
export interface Refused {
  code: string;
  status: number;
  message: string;
}

export interface OutboxOptions<R extends Refused = Refused> {
  name: string;
  /** Throws a Refused. What is no answer, 401, 429 or 5xx, is sent again later. */
  send(entry: Entry): Promise<unknown>;
  refused?(entry: Entry, refusal: R): void;
  /** Holds across tabs, so that two of them do not send the same. */
  lock(name: string, run: () => Promise<void>): Promise<void>;
  /** Something was added, changed or removed: other tabs may read it again. */
  changed?(): void;
  /** What waits is other than it was. */
  shown?(entries: readonly Entry[]): void;
  /** Whether the box was left: then it does not try again by itself. */
  over?(): boolean;
  random?: () => number;
}

export interface Outbox {
  /** What waits, oldest first; a new array whenever it changes. */
  all(): readonly Entry[];
  /** Keeps it, then sends it: at once, or when it is due. */
  add(entry: Omit<Entry, 'at' | 'due'> & { due?: number }): Promise<void>;
  /** Changes one that waits. */
  put(entry: Entry): Promise<void>;
  /** Takes it back; false if it went already. */
  remove(id: string): Promise<boolean>;
  /** Tries again what was refused. */
  retry(id: string): Promise<void>;
  /** Sends what is due. Safe to call at any time, from any tab. */
  flush(): Promise<void>;
  /** Reads what an earlier page left, or another tab changed. */
  reload(): Promise<void>;
}

export function outbox<R extends Refused = Refused>(o: OutboxOptions<R>): Outbox {
  const kept = shelf<Entry>(o.name);
  let entries: readonly Entry[] = [], timer: ReturnType<typeof setTimeout> | undefined, tries = 0, changes = 0, again = false;
  let flushing: Promise<void> | undefined;

  const show = (now: readonly Entry[]) => {
    changes++;
    entries = now;
    o.shown?.(now);
  };
  const reload = async () => {
    for (let was = -1, all: Entry[] = []; ; ) {
      if (was === changes) return show(all.sort((a, b) => a.at - b.at));
      was = changes; // what changes during the reading, it may not hold
      all = (await kept.all()) ?? [...entries];
    }
  };
  const put = async (entry: Entry) => {
    show(entries.map((e) => (e.id === entry.id ? entry : e)));
    await kept.put(entry);
    o.changed?.();
  };
  const remove = async (id: string) => {
    const there = entries.some((e) => e.id === id);
    show(entries.filter((e) => e.id !== id));
    await kept.remove(id);
    o.changed?.();
    return there;
  };

  async function runLane(lane: string): Promise<void> {
    for (const entry of entries.filter((e) => e.lane === lane && !e.refused)) {
      if (entry.due > Date.now() || !entries.some((e) => e.id === entry.id)) continue; // not yet, or taken back meanwhile
      try {
        await o.send(entry);
        tries = 0;
        await remove(entry.id);
      } catch (cause) {
        const { code, status, message } = cause as R;
        if (!status || status === 401 || status === 429 || status >= 500) {
          tries++;
          return;
        }
        await put({ ...entry, refused: { code, status, message } });
        o.refused?.(entry, cause as R);
      }
    }
  }

  async function run(): Promise<void> {
    clearTimeout(timer);
    do {
      again = false;
      await o.lock(`${o.name}.flush`, async () => {
        await reload();
        await Promise.all([...new Set(entries.map((e) => e.lane))].map(runLane));
      });
    } while (again);
    const waiting = entries.filter((e) => !e.refused);
    if (!waiting.length || o.over?.()) return;
    const next = Math.min(...waiting.map((e) => e.due)) - Date.now();
    timer = setTimeout(flush, next > 0 ? next : Math.max(500, wait(tries, o.random)));
  }

  function flush(): Promise<void> {
    again = !!flushing;
    flushing ??= run().finally(() => {
      flushing = undefined;
    });
    return flushing;
  }

  return {
    all: () => entries,
    async add(entry) {
      const whole: Entry = { due: 0, at: Date.now(), ...entry }; // what comes from another box keeps its place
      show([...entries, whole]);
      await kept.put(whole);
      o.changed?.();
      void flush();
    },
    put,
    remove,
    async retry(id) {
      const entry = entries.find((e) => e.id === id);
      if (!entry) return;
      const { refused: _, ...fresh } = entry;
      await put(fresh);
      await flush();
    },
    flush,
    reload,
  };
}

/** A new client id. */
export const newID = (): string => crypto.randomUUID();
