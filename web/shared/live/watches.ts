// A line that also hears whole conversations: it asks for them anew after each gap, and is up once the desk has said ok.
import { openLine, type Line, type LineOptions } from './line';

/** What a tab wants of the line; a watching line is one, and so is a tab that goes through another. */
export interface Speaker {
  watch(conversation: string): void;
  unwatch(conversation: string): void;
  send(frame: Record<string, unknown>): boolean;
  nudge(): void;
}

export type WatchingLine = Line & Speaker;

export function watchingLine(o: LineOptions): WatchingLine {
  const watched = new Set<string>(), awaited = new Set<string>();
  let next = 0, whole: (() => void) | undefined;
  const line = openLine({
    ...o,
    opened: () =>
      new Promise((done) => {
        whole = done;
        awaited.clear();
        for (const conversation of watched) {
          const id = `w${next++}`;
          awaited.add(id);
          line.send({ type: 'watch', id, conversation });
        }
        if (awaited.size === 0) done();
      }),
    hear: (frame) => {
      if (frame.type !== 'ok' && frame.type !== 'error') return o.hear(frame);
      if (frame.id && awaited.delete(frame.id) && awaited.size === 0) whole?.();
    },
  });
  return {
    ...line,
    watch(conversation) {
      watched.add(conversation);
      line.send({ type: 'watch', conversation });
    },
    unwatch(conversation) {
      if (watched.delete(conversation)) line.send({ type: 'unwatch', conversation });
    },
  };
}
