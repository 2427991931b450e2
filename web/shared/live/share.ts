// One owner among the tabs of a browser: the tab that holds the lock keeps the line; the others speak and hear through it.
import type { Frame, Line, LineState, Listener } from './line';

/** The part of navigator.locks that is used: run holds the lock until its promise ends. */
export type Lock = (name: string, run: () => Promise<void>) => Promise<void>;

/** The part of BroadcastChannel that is used. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((e: { data: unknown }) => void) | null;
  close(): void;
}

/** A call between tabs: of the owner's line, or of every tab's listener. */
interface Said {
  to: 'line' | 'tabs';
  call: string;
  with: unknown;
  from: string;
}

export interface ShareOptions<L extends Line> {
  name: string;
  channel: Channel;
  lock: Lock;
  /** This tab's own id. */
  tab: string;
  /** Hears what the line tells; also what is told with tell, and "owner" when another tab took the line over. */
  listener: Listener & Record<string, ((what: never) => void) | undefined>;
  line(listener: Listener): L;
  /** Serves a call of another tab, or of this one, that the line itself does not know; true if it did. */
  serve?(line: L, call: string, what: unknown, tab: string): boolean;
}

export interface Shared {
  /** Joins the other tabs, and becomes the owner when no other is. */
  start(): void;
  stop(): void;
  /** Calls the line, wherever it is. */
  ask(call: string, what?: unknown): void;
  /** Calls every other tab's listener. */
  tell(call: string, what?: unknown): void;
  send(frame: Record<string, unknown>): boolean;
}

export function share<L extends Line>({ name, channel, lock, tab, listener, line: make, serve }: ShareOptions<L>): Shared {
  let line: L | undefined, last: LineState = { up: false }, release: (() => void) | undefined, ended = false;

  const post = (to: Said['to'], call: string, what: unknown) => channel.postMessage({ to, call, with: what, from: tab });
  const told = (call: string, what: unknown) => {
    if (call === 'state') last = what as LineState;
    (listener[call] as ((what: unknown) => void) | undefined)?.(what);
  };
  const tell = (call: string, what?: unknown) => post('tabs', call, what);
  const all = (call: string) => (what?: unknown) => {
    tell(call, what);
    told(call, what);
  };
  const asked = (call: string, what: unknown, from: string) => {
    if (!line || serve?.(line, call, what, from)) return;
    if (call === 'hello') tell('state', last);
    else (line as unknown as Record<string, ((what: unknown) => void) | undefined>)[call]?.(what);
  };
  const ask = (call: string, what?: unknown) => (line ? asked(call, what, tab) : post('line', call, what));

  return {
    start() {
      channel.onmessage = (e) => {
        const said = e.data as Said;
        if (said.to === 'line') asked(said.call, said.with, said.from);
        else told(said.call, said.with);
      };
      ask('hello');
      void lock(name, () => {
        if (ended) return Promise.resolve();
        line = make({ hear: all('hear') as (frame: Frame) => void, caughtUp: all('caughtUp'), state: all('state') });
        all('owner')();
        line.start();
        return new Promise((done) => (release = done));
      });
    },
    stop() {
      ended = true;
      line?.stop();
      line = undefined;
      release?.();
      channel.close();
    },
    ask,
    tell,
    send(frame) {
      if (line) return line.send(frame);
      if (last.up) ask('send', frame);
      return last.up;
    },
  };
}
