// What the desk tells is shown between two keys: who types sees each letter before the news that came with it.
import { notifyManager } from '@tanstack/react-query';

/** As long after a key, another one may be on its way; in ms. */
const typing = 250;
/** The longest that news waits for a key to be painted, in ms. */
const patience = 100;

let lastKey = -Infinity;
let later: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const news = later;
  later = [];
  notifyManager.batch(() => news.forEach((run) => run()));
}

const painted = new MessageChannel();
painted.port1.onmessage = () => { if (later.length > 0) flush(); };
addEventListener('keydown', () => {
  lastKey = performance.now();
  if (later.length > 0) requestAnimationFrame(() => painted.port2.postMessage(0));
}, true);

/** Runs what news changes: at once, or while somebody types after his next letter, in the order in which it came. */
export function betweenKeys(run: () => void): void {
  if (later.length === 0 && performance.now() - lastKey > typing) return run();
  later.push(run);
  timer ??= setTimeout(flush, patience);
}
