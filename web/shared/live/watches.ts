// A line that also hears whole conversations and tickets: it asks for them anew after each gap, and is up once the desk has said ok.
import { openLine, type Line, type LineOptions } from './line';

/** What a tab wants of the line; a watching line is one, and so is a tab that goes through another. Watched is a conversation by its id, a ticket as ticket/<number>, or tickets: all of them. */
export interface Speaker {
  watch(what: string): void;
  unwatch(what: string): void;
  send(frame: Record<string, unknown>): boolean;
  nudge(): void;
  /** Something is about to come, for one did something that the desk answers by a frame: if nothing comes, the line is tried at
   *  once, not at the next ping. A line whose other end is gone without a word is found so within seconds of the first act. */
  expect(): void;
}

export type WatchingLine = Line & Speaker;

/** The frame that asks for what is watched, or to hear it no more. */
function asks(verb: 'watch' | 'unwatch', what: string) {
  if (what === 'tickets') return { type: `${verb}_tickets` };
  const ticket = /^ticket\/(\d+)$/.exec(what);
  return ticket ? { type: `${verb}_ticket`, ticket: Number(ticket[1]) } : { type: verb, conversation: what };
}

/** What is told, as a frame, when the desk began to tell of a ticket: who read an earlier version reads it again. */
export const ticketWatched = 'ticket.watched';

const within = 2000; // ms in which an act is heard of
const trial = 5000; // ms in which a line that is tried answers or is given up, as in line.ts

export function watchingLine(o: LineOptions): WatchingLine {
  const watched = new Set<string>(), asked = new Map<string, string>(), awaited = new Set<string>();
  let next = 0, whole: (() => void) | undefined, timer: ReturnType<typeof setTimeout> | undefined, trying = false;
  const rest = () => {
    clearTimeout(timer);
    timer = undefined;
    trying = false;
  };
  const nudge = () => {
    if (trying) return; // each trial would put off the end of the one before
    clearTimeout(timer);
    timer = setTimeout(rest, trial);
    trying = true;
    line.nudge();
  };
  const expect = () => void (timer ??= setTimeout(nudge, within));
  const ask = (what: string): string => {
    const id = `w${next++}`;
    if (line.send({ ...asks('watch', what), id })) {
      asked.set(id, what);
      expect();
    }
    return id;
  };
  const line = openLine({
    ...o,
    opened: () =>
      new Promise((done) => {
        whole = done;
        asked.clear();
        awaited.clear();
        for (const what of watched) awaited.add(ask(what));
        if (awaited.size === 0) done();
      }),
    state: (state) => {
      if (!state.up) rest();
      o.state(state);
    },
    hear: (frame) => {
      rest();
      if (frame.type !== 'ok' && frame.type !== 'error') return o.hear(frame);
      const id = frame.id ?? '', number = Number(/^ticket\/(\d+)$/.exec(asked.get(id) ?? '')?.[1]);
      asked.delete(id);
      if (frame.version && number) o.hear({ type: ticketWatched, data: { number, version: frame.version } });
      if (awaited.delete(id) && awaited.size === 0) whole?.();
    },
  });
  return {
    ...line,
    nudge,
    expect,
    watch(what) {
      watched.add(what);
      ask(what);
    },
    unwatch(what) {
      if (watched.delete(what)) line.send(asks('unwatch', what));
    },
  };
}
