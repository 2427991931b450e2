// One owner among the tabs of a browser: the tab that holds the lock keeps the line; the others speak and hear through it.
import type { Frame, LineState } from './line';

/** What a tab wants of the line; Line is one, and so is a tab that goes through another. */
export interface Speaker {
  watch(conversation: string): void;
  unwatch(conversation: string): void;
  send(frame: Record<string, unknown>): boolean;
  nudge(): void;
}

interface OwnLine extends Speaker {
  start(): void;
  stop(): void;
}

/** What happens on the line, told to every tab. */
export interface Listener {
  hear(frame: Frame): void;
  caughtUp(): void;
  state(state: LineState): void;
}

/** The part of navigator.locks that is used: run holds the lock until its promise ends. */
export type Lock = (name: string, run: () => Promise<void>) => Promise<void>;

/** The part of BroadcastChannel that is used. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((e: { data: unknown }) => void) | null;
  close(): void;
}

type Said =
  | { to: 'all'; kind: 'frame'; frame: Frame }
  | { to: 'all'; kind: 'state'; state: LineState }
  | { to: 'all'; kind: 'caughtUp' }
  | { to: 'all'; kind: 'owner' }
  | { to: 'owner'; kind: 'hello'; tab: string; watched: string[] }
  | { to: 'owner'; kind: 'watch' | 'unwatch'; tab: string; conversation: string }
  | { to: 'owner'; kind: 'bye'; tab: string }
  | { to: 'owner'; kind: 'send'; frame: Record<string, unknown> }
  | { to: 'owner'; kind: 'nudge' };

export interface SharedLineOptions {
  name: string;
  listener: Listener;
  line(listener: Listener): OwnLine;
  channel: Channel;
  lock: Lock;
  tab: string;
}

export class SharedLine implements Speaker {
  private line: OwnLine | undefined;
  private mine = new Set<string>();
  private wanted = new Map<string, Set<string>>(); // conversation -> tabs that show it
  private last: LineState = { up: false };
  private release: (() => void) | undefined;

  constructor(private readonly o: SharedLineOptions) {}

  /** Joins the other tabs, and becomes the owner when no other is. */
  start(): void {
    this.o.channel.onmessage = (e) => this.told(e.data as Said);
    this.post({ to: 'owner', kind: 'hello', tab: this.o.tab, watched: [] });
    void this.o.lock(this.o.name, () => this.own());
  }

  stop(): void {
    this.post({ to: 'owner', kind: 'bye', tab: this.o.tab });
    this.line?.stop();
    this.line = undefined;
    this.release?.();
    this.o.channel.close();
  }

  get owner(): boolean {
    return this.line !== undefined;
  }

  watch(conversation: string): void {
    this.mine.add(conversation);
    if (this.line) this.want(conversation, this.o.tab);
    else this.post({ to: 'owner', kind: 'watch', tab: this.o.tab, conversation });
  }

  unwatch(conversation: string): void {
    this.mine.delete(conversation);
    if (this.line) this.leave(conversation, this.o.tab);
    else this.post({ to: 'owner', kind: 'unwatch', tab: this.o.tab, conversation });
  }

  send(frame: Record<string, unknown>): boolean {
    if (this.line) return this.line.send(frame);
    if (!this.last.up) return false;
    this.post({ to: 'owner', kind: 'send', frame });
    return true;
  }

  nudge(): void {
    if (this.line) this.line.nudge();
    else this.post({ to: 'owner', kind: 'nudge' });
  }

  private async own(): Promise<void> {
    const line = this.o.line({
      hear: (frame) => this.tell({ to: 'all', kind: 'frame', frame }),
      caughtUp: () => this.tell({ to: 'all', kind: 'caughtUp' }),
      state: (state) => this.tell({ to: 'all', kind: 'state', state }),
    });
    this.line = line;
    for (const conversation of this.mine) this.want(conversation, this.o.tab);
    this.post({ to: 'all', kind: 'owner' });
    line.start();
    await new Promise<void>((done) => {
      this.release = done;
    });
  }

  private tell(said: Said): void {
    this.post(said);
    this.told(said);
  }

  private post(said: Said): void {
    this.o.channel.postMessage(said);
  }

  private told(said: Said): void {
    if (said.to === 'owner') {
      if (this.line) this.serve(said, this.line);
      return;
    }
    switch (said.kind) {
      case 'frame':
        return this.o.listener.hear(said.frame);
      case 'caughtUp':
        return this.o.listener.caughtUp();
      case 'state':
        this.last = said.state;
        return this.o.listener.state(said.state);
      case 'owner':
        return this.post({ to: 'owner', kind: 'hello', tab: this.o.tab, watched: [...this.mine] });
    }
  }

  private serve(said: Extract<Said, { to: 'owner' }>, line: OwnLine): void {
    switch (said.kind) {
      case 'hello':
        for (const conversation of said.watched) this.want(conversation, said.tab);
        return this.post({ to: 'all', kind: 'state', state: this.last });
      case 'watch':
        return this.want(said.conversation, said.tab);
      case 'unwatch':
        return this.leave(said.conversation, said.tab);
      case 'bye':
        for (const conversation of [...this.wanted.keys()]) this.leave(conversation, said.tab);
        return;
      case 'send':
        line.send(said.frame);
        return;
      case 'nudge':
        return line.nudge();
    }
  }

  private want(conversation: string, tab: string): void {
    const tabs = this.wanted.get(conversation) ?? new Set();
    if (tabs.size === 0) this.line?.watch(conversation);
    this.wanted.set(conversation, tabs.add(tab));
  }

  private leave(conversation: string, tab: string): void {
    const tabs = this.wanted.get(conversation);
    if (!tabs?.delete(tab) || tabs.size > 0) return;
    this.wanted.delete(conversation);
    this.line?.unwatch(conversation);
  }
}
