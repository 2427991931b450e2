// The open line to the desk, as docs/live.md asks: a one-time ticket, a ping every 50 s, back-off with jitter, then one
// call to read what is shown, and frames told once. Functions and few names, for the widget carries this too: what only the
// console needs is in watches.ts and tabs.ts.
import { wait } from './backoff';

export interface Frame {
  id?: string;
  type: string;
  conversation?: string;
  /** Of an ok: of the ticket that is watched from now on. */
  version?: number;
  data?: unknown;
  error?: { code: string; message: string; field?: string };
}

/** Whether the line is up; by the name of its socket, if that has one. */
export interface LineState {
  up: boolean;
  name?: string | undefined;
}

/** What happens on the line. */
export interface Listener {
  hear(frame: Frame): void;
  /** The line is up: read again, fresh, what is shown. Two seconds later once more: the desk may not know at once who listens. */
  caughtUp(again?: boolean): void;
  state(state: LineState): void;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  /** The ticket it was opened with, where messages name it by that. */
  ticket?: string;
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((e: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface LineOptions extends Listener {
  /** Buys a ticket and opens a socket with it; throws when the desk does not give one. */
  connect(): Promise<Socket>;
  /** The socket is open: settled once it hears all that it must. */
  opened?(): Promise<void>;
  random?: () => number;
}

export interface Line {
  /** Connects, unless it does or did already. */
  start(): void;
  /** Ends the line for good. */
  stop(): void;
  /** Says something if the line is up; what must not be lost goes over HTTP. */
  send(frame: Record<string, unknown>): boolean;
  /** Looks whether the line still lives: after sleep, on coming online, when the page is shown again. */
  nudge(): void;
}

const pingEvery = 50_000, pongWithin = 5000; // ms
const renewAfter = 110 * 60_000; // ms; API Gateway ends a socket after two hours
const secondLook = 2000; // ms after the line is up
const remembered = 500; // ids of frames, against doubles

export function openLine(o: LineOptions): Line {
  let socket: Socket | undefined, timer: ReturnType<typeof setTimeout> | undefined, seen: string[] = [];
  let up = false, opening = false, ended = false, heard = false, tries = 0, since = 0;

  const later = (ms: number, run: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  const drop = () => {
    const old = socket;
    socket = undefined;
    up = false;
    clearTimeout(timer);
    if (!old) return;
    old.onclose = old.onmessage = old.onopen = null; // to close a dead one takes long, and says nothing new
    old.close(1000);
  };
  const lose = () => {
    drop();
    later(wait(tries++, o.random), connect);
    o.state({ up });
  };
  const send = (frame: Record<string, unknown>) => {
    if (up) socket?.send(JSON.stringify(frame));
    return up;
  };
  const ping = () => {
    if (Date.now() - since > renewAfter) return lose();
    // What was heard since the last one shows that the line lives: then no answer is asked for, which would be paid for.
    const quiet = heard || undefined;
    heard = false;
    send({ type: 'ping', quiet });
    if (quiet) later(pingEvery, ping);
    else later(pongWithin, () => (heard ? later(pingEvery - pongWithin, ping) : lose()));
  };
  const connect = async () => {
    if (ended || opening || socket) return;
    opening = true;
    try {
      const mine = await o.connect();
      if (ended) return mine.close(1000);
      socket = mine;
      later(pingEvery, lose); // it never opened
      mine.onclose = lose;
      mine.onmessage = ({ data }) => {
        heard = true;
        const frame = JSON.parse(data as string) as Frame;
        if (frame.type === 'pong' || (frame.id && seen.includes(frame.id))) return;
        if (frame.id) seen = [...seen.slice(1 - remembered), frame.id];
        o.hear(frame);
      };
      mine.onopen = async () => {
        up = true;
        heard = false;
        since = Date.now();
        later(pingEvery, ping);
        await o.opened?.();
        if (socket !== mine) return;
        tries = 0;
        o.state({ up, name: mine.ticket });
        o.caughtUp();
        setTimeout(() => socket === mine && o.caughtUp(true), secondLook);
      };
    } catch {
      if (!ended) lose();
    } finally {
      opening = false;
    }
  };

  return {
    start() {
      ended = false;
      void connect();
    },
    stop() {
      ended = true;
      drop();
    },
    send,
    nudge() {
      heard = false;
      if (up) return ping();
      if (ended || socket || opening) return;
      tries = 0;
      later(0, connect);
    },
  };
}
