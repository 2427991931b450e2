// Watching through another tab: the owner's line watches what any tab shows, until none does.
import type { Frame, Listener } from './line';
import { share, type Channel, type Lock, type Shared } from './share';
import type { Speaker, WatchingLine } from './watches';

export type { Channel, Lock } from './share';

export interface SharedLineOptions {
  name: string;
  listener: Listener;
  line(listener: Listener): WatchingLine;
  channel: Channel;
  lock: Lock;
  tab: string;
}

export class SharedLine implements Speaker {
  private readonly shared: Shared;
  private readonly mine = new Set<string>();
  private readonly wanted = new Map<string, Set<string>>(); // what is watched -> tabs that show it

  constructor(o: SharedLineOptions) {
    this.shared = share({
      ...o,
      listener: { ...o.listener, owner: () => this.shared.ask('watch', [...this.mine]) },
      serve: (line, call, what, tab) => this.serve(line, call, what as string[], tab),
    });
  }

  /** Joins the other tabs, and becomes the owner when no other is. */
  start(): void {
    this.shared.start();
  }

  stop(): void {
    this.shared.ask('bye');
    this.shared.stop();
  }

  watch(what: string): void {
    this.mine.add(what);
    this.shared.ask('watch', [what]);
  }

  unwatch(what: string): void {
    this.mine.delete(what);
    this.shared.ask('unwatch', [what]);
  }

  send(frame: Record<string, unknown>): boolean {
    return this.shared.send(frame);
  }

  /** Tells the other tabs what the desk does not tell the line that said it. */
  tell(frame: Frame): void {
    this.shared.tell('hear', frame);
  }

  nudge(): void {
    this.shared.ask('nudge');
  }

  /** Something is about to come: if nothing does, the line is tried at once. */
  expect(): void {
    this.shared.ask('expect');
  }

  private serve(line: Speaker, call: string, conversations: string[], tab: string): boolean {
    if (call === 'bye') conversations = [...this.wanted.keys()];
    else if (call !== 'watch' && call !== 'unwatch') return false;
    for (const conversation of conversations) {
      if (call === 'watch') this.want(line, conversation, tab);
      else this.leave(line, conversation, tab);
    }
    return true;
  }

  private want(line: Speaker, conversation: string, tab: string): void {
    const tabs = this.wanted.get(conversation) ?? new Set();
    if (tabs.size === 0) line.watch(conversation);
    else line.expect(); // nothing is asked of the desk, and yet one wants to hear it
    this.wanted.set(conversation, tabs.add(tab));
  }

  private leave(line: Speaker, conversation: string, tab: string): void {
    const tabs = this.wanted.get(conversation);
    if (!tabs?.delete(tab) || tabs.size > 0) return;
    this.wanted.delete(conversation);
    line.unwatch(conversation);
  }
}
