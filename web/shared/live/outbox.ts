// What was said or done and the desk has not taken yet. It lies in IndexedDB, so a reload or a closed tab loses nothing;
// every entry bears a client id, so that sending it twice does it once. Entries of one lane go in order.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { Refusal } from '../api/desk';
import { wait } from './backoff';

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
  refused?: { code: string; status: number; message: string };
}

export interface OutboxOptions {
  name: string;
  send(entry: Entry): Promise<unknown>;
  sent(entry: Entry, answer: unknown): void;
  refused(entry: Entry, refusal: Refusal): void;
  /** Holds across tabs, so that two of them do not send the same. */
  lock(name: string, run: () => Promise<void>): Promise<void>;
  changed?(): void;
  random?: () => number;
}

interface Shelf extends DBSchema {
  entries: { key: string; value: Entry };
}

export class Outbox {
  private entries: readonly Entry[] = [];
  private listeners = new Set<() => void>();
  private db: Promise<IDBPDatabase<Shelf>>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private flushing: Promise<void> | undefined;
  private again = false;

  constructor(private readonly o: OutboxOptions) {
    this.db = openDB<Shelf>(o.name, 1, { upgrade: (db) => void db.createObjectStore('entries', { keyPath: 'id' }) });
  }

  /** Reads what an earlier page left, and sends it. */
  async start(): Promise<void> {
    await this.reload();
    await this.flush();
  }

  /** What waits, oldest first; a new array whenever it changes. */
  all(): readonly Entry[] {
    return this.entries;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Keeps it, then sends it: at once, or when it is due. */
  async add(entry: Omit<Entry, 'at' | 'due'> & { due?: number }): Promise<void> {
    const whole: Entry = { ...entry, at: Date.now(), due: entry.due ?? 0 };
    this.show([...this.entries, whole]);
    await (await this.db).put('entries', whole);
    this.o.changed?.();
    void this.flush();
  }

  /** Takes it back; false if it went already. */
  async remove(id: string): Promise<boolean> {
    const there = this.entries.some((e) => e.id === id);
    this.show(this.entries.filter((e) => e.id !== id));
    await (await this.db).delete('entries', id);
    this.o.changed?.();
    return there;
  }

  /** Tries again what was refused. */
  async retry(id: string): Promise<void> {
    const entry = this.entries.find((e) => e.id === id);
    if (!entry) return;
    const { refused: _, ...fresh } = entry;
    await this.put(fresh);
    await this.flush();
  }

  /** Sends what is due. Safe to call at any time, from any tab. */
  flush(): Promise<void> {
    if (this.flushing) {
      this.again = true;
      return this.flushing;
    }
    this.flushing = this.run().finally(() => {
      this.flushing = undefined;
    });
    return this.flushing;
  }

  /** Lets nothing wait for its time: the page goes away. */
  async hurry(): Promise<void> {
    for (const e of this.entries) if (e.due > Date.now()) await this.put({ ...e, due: 0 });
    await this.flush();
  }

  /** Another tab changed something. */
  async reload(): Promise<void> {
    const kept = await (await this.db).getAll('entries');
    this.show(kept.sort((a, b) => a.at - b.at));
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    do {
      this.again = false;
      await this.o.lock(`${this.o.name}.flush`, async () => {
        await this.reload();
        const lanes = new Set(this.entries.map((e) => e.lane));
        await Promise.all([...lanes].map((lane) => this.runLane(lane)));
      });
    } while (this.again);
    this.plan();
  }

  private async runLane(lane: string): Promise<void> {
    for (const entry of this.entries.filter((e) => e.lane === lane && !e.refused)) {
      if (entry.due > Date.now()) continue;
      if (!this.entries.some((e) => e.id === entry.id)) continue; // taken back meanwhile
      try {
        const answer = await this.o.send(entry);
        this.tries = 0;
        this.o.sent(entry, answer);
        await this.remove(entry.id);
      } catch (cause) {
        const refusal = cause instanceof Refusal ? cause : new Refusal('offline', 0, String(cause));
        if (refusal.passing || refusal.status === 401) {
          this.tries++;
          return;
        }
        await this.put({ ...entry, refused: { code: refusal.code, status: refusal.status, message: refusal.message } });
        this.o.refused(entry, refusal);
      }
    }
  }

  /** Comes back when the next entry is due, or after a pause if one did not go. */
  private plan(): void {
    const waiting = this.entries.filter((e) => !e.refused);
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map((e) => e.due)) - Date.now();
    this.timer = setTimeout(() => void this.flush(), next > 0 ? next : Math.max(500, wait(this.tries, this.o.random)));
  }

  private async put(entry: Entry): Promise<void> {
    this.show(this.entries.map((e) => (e.id === entry.id ? entry : e)));
    await (await this.db).put('entries', entry);
    this.o.changed?.();
  }

  private show(entries: readonly Entry[]): void {
    this.entries = entries;
    for (const listener of this.listeners) listener();
  }
}

/** A new client id. */
export const newID = (): string => crypto.randomUUID();
