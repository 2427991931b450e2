// The talk between the page that embeds the chat and this frame: window messages, none of which holds anything that the
// host may not know. The loader at the other end is loader.ts.
import type { About } from './wire';

/** What the loader says: the panel opens or closes, each time with the page's address; who the visitor is. */
export type FromHost = { relevo: 'open' | 'close'; page?: string } | { relevo: 'identify'; with?: Record<string, unknown> };

/** What the frame says: how the button looks, and whether to load at once next time; close the panel. */
export type ToHost = { relevo: 'look'; color: string; label: string; unread: number; stay: boolean } | { relevo: 'close' };

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

/** What a host page may say of its visitor: texts of known names, no longer than the desk takes. */
export function aboutFrom(said: Record<string, unknown> = {}): About {
  const about: Record<string, string> = {};
  const most: Record<string, number> = { name: 100, email: 254, phone: 40, language: 35, page: 2000 };
  for (const name in most) if (said[name]) about[name] = String(said[name]).trim().slice(0, most[name]);
  return about;
}
