// The talk between the page that embeds the chat and this frame: window messages, none of which holds anything that the
// host may not know. The loader at the other end is loader.ts.

/** What the loader says: the panel opens or closes, each time with the page's address; who the visitor is. */
export type FromHost = { relevo: 'open' | 'close'; page?: string } | { relevo: 'identify'; with?: Record<string, unknown> };

/** What the frame says: how the button looks, and whether to load at once next time; without a look: close the panel. */
export type ToHost = { color: string; label: string; unread: number; stay: boolean } | Record<string, never>;

/** Hears the embedding page, and nobody else; gives the way to answer it. */
export function host(hear: (said: FromHost) => void): (say: ToHost) => void {
  let origin = '', last: ToHost | undefined;
  const say = (said: ToHost) => {
    last = said;
    if (origin) parent.postMessage(said, origin === 'null' ? '*' : origin);
  };
  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== parent || parent === window || !data?.relevo) return;
    if (!origin && last) queueMicrotask(() => say(last!));
    origin = from;
    hear(data as FromHost);
  });
  return say;
}
