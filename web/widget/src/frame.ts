// The talk between the page that embeds the chat and this frame: window messages, none of which holds anything that the
// host may not know. The loader at the other end is loader.ts.
import { show } from './chat';

/** How the button looks and where it stands, whether to load at once next time, and how high the message above it is. */
export interface Look {
  /** The custom properties of loader.css. */
  css: string;
  label: string;
  unread: number | string;
  stay: boolean;
  peek: number | string;
}

let origin = '', last: Look | undefined;

/** Tells the loader how the button looks, or a verb of its own: to open the panel or close it. */
export function tell(said: Look | { verb: 'open' | 'close' }): void {
  if ('label' in said) last = said;
  if (origin) parent.postMessage(said, origin === 'null' ? '*' : origin);
}

export function close(): void {
  show(false);
  tell({ verb: 'close' });
}

/** Hears the embedding page, and nobody else: a verb ("open", "close", "identify"), what is told with it, and the page's
 *  address. */
export function host(hear: (verb: string, about: Record<string, unknown> | undefined, page: string) => void): void {
  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== parent || parent === window || !data?.relevo) return;
    const first = !origin, [verb, about, page] = data.relevo;
    origin = from;
    if (first && last) tell(last);
    hear(verb, about, page);
  });
}
