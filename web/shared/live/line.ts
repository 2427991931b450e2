// The open line to the desk, as docs/live.md asks: a one-time ticket, a ping every 30 s, back-off with jitter, watches set
// again after a gap, then one call to read what is shown, and frames told once.
import { wait } from './backoff';

export interface Frame {
  id?: string;
  type: string;
  conversation?: string;
  data?: unknown;
  error?: { code: string; message: string; field?: string };
}

/** down: no line now; retryAt says when it is tried again (milliseconds since 1970). */
export type LineState = { up: true } | { up: false; retryAt?: number };

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((e: { data: unknown }) => void) | null;
  onclose: ((e: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

export interface LineOptions {
  /** Buys a ticket; throws when the desk does not give one. */
  ticket(): Promise<string>;
  open(ticket: string): Socket;
  hear(frame: Frame): void;
  /** The line is up and hears what it watches: read again, fresh, what is shown. */
  caughtUp(): void;
  state(state: LineState): void;
  random?: () => number;
}

const pingEvery = 30_000;
const pongWithin = 10_000;
const renewAfter = 110 * 60_000; // API Gateway ends a socket after two hours
const remembered = 500; // ids of frames, against doubles

export class Line {
  private socket: Socket | undefined;
  private up = false;
  private ended = false;
  private opening = false;
  private tries = 0;
  private lastHeard = 0;
  private nextID = 0;
  private timers = new Set<ReturnType<typeof setTimeout>>();
  private watched = new Set<string>();
  private awaited = new Set<string>();
  private seen = new Set<string>();

  constructor(private readonly o: LineOptions) {}

  /** Connects, unless it does or did already. */
  start(): void {
    this.ended = false;
    void this.connect();
  }

  /** Ends the line for good. */
  stop(): void {
    this.ended = true;
    this.drop();
  }

  watch(conversation: string): void {
    this.watched.add(conversation);
    if (this.up) this.send({ type: 'watch', conversation });
  }

  unwatch(conversation: string): void {
    if (this.watched.delete(conversation) && this.up) this.send({ type: 'unwatch', conversation });
  }

  /** Says something if the line is up; what must not be lost goes over HTTP. */
  send(frame: Record<string, unknown>): boolean {
    if (!this.socket || !this.up) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Looks whether the line still lives: after sleep, on coming online, when the page is shown again. */
  nudge(): void {
    if (this.ended) return;
    if (!this.socket && !this.opening) {
      this.tries = 0;
      this.clearTimers();
      void this.connect();
    } else if (this.up) {
      this.ping();
    }
  }

  private async connect(): Promise<void> {
    if (this.ended || this.opening || this.socket) return;
    this.opening = true;
    try {
      const ticket = await this.o.ticket();
      if (this.ended) return;
      this.listen(this.o.open(ticket));
    } catch {
      this.retry();
    } finally {
      this.opening = false;
    }
  }

  private listen(socket: Socket): void {
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (e) => this.heard(String(e.data));
    socket.onerror = () => undefined; // a close follows
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.drop();
      this.retry();
    };
  }

  private opened(): void {
    this.up = true;
    this.lastHeard = Date.now();
    this.after(pingEvery, () => this.ping());
    this.after(renewAfter, () => this.renew());
    for (const conversation of this.watched) {
      const id = `w${this.nextID++}`;
      this.awaited.add(id);
      this.send({ type: 'watch', id, conversation });
    }
    if (this.awaited.size === 0) this.ready();
  }

  private ready(): void {
    this.tries = 0;
    this.o.state({ up: true });
    this.o.caughtUp();
  }

  private heard(text: string): void {
    this.lastHeard = Date.now();
    const frame = JSON.parse(text) as Frame;
    if (frame.type === 'pong') return;
    if (frame.type === 'ok' || frame.type === 'error') {
      if (frame.id && this.awaited.delete(frame.id) && this.awaited.size === 0) this.ready();
      return;
    }
    if (frame.id) {
      if (this.seen.has(frame.id)) return;
      this.seen.add(frame.id);
      if (this.seen.size > remembered) this.seen.delete(this.seen.values().next().value as string);
    }
    this.o.hear(frame);
  }

  private ping(): void {
    const sent = Date.now();
    if (!this.send({ type: 'ping' })) return;
    this.after(pongWithin, () => {
      if (this.lastHeard < sent) this.renew();
    });
    this.after(pingEvery, () => this.ping());
  }

  /** Ends this socket and takes another at once. */
  private renew(): void {
    this.drop();
    this.o.state({ up: false });
    void this.connect();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    this.up = false;
    this.awaited.clear();
    this.clearTimers();
    socket?.close(1000);
  }

  private retry(): void {
    if (this.ended) return;
    const delay = wait(this.tries++, this.o.random);
    this.o.state({ up: false, retryAt: Date.now() + delay });
    this.after(delay, () => void this.connect());
  }

  private after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
  }

  private clearTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
