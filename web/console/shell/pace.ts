// A letter is painted first: what the desk tells, and what the page makes of the letter, follows between two keys.
import { notifyManager } from '@tanstack/react-query';
import { typesIn } from './keys';

/** As long after a key, another one may be on its way; in ms. */
const typing = 250;
/** The longest that anything waits for a key to be painted, in ms. */
const patience = 100;

/** How long the browser draws a frame after the page has given it away, in ms: what runs then takes its processor. */
const drawing = 12;

let lastKey = -Infinity;
let later: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let flushing = false;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const news = later;
  later = [];
  flushing = true;
  try {
    notifyManager.batch(() => news.forEach(attempt));
  } finally {
    flushing = false;
  }
}

/** What fails keeps nothing else from being done. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (cause) {
    reportError(cause);
  }
}

let painting = false;

/** Ends what waits when the frame of this key has left for the screen. */
function atPaint(): void {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => setTimeout(() => {
    painting = false;
    if (later.length > 0) flush();
  }, drawing));
}

addEventListener('keydown', (e) => {
  if (!typesIn(e.target)) return;
  lastKey = performance.now();
  if (later.length > 0) atPaint();
}, true);

function wait(run: () => void): void {
  later.push(run);
  timer ??= setTimeout(flush, patience); // a page that is not seen paints nothing
}

/** Runs what news changes: at once, or while somebody types after his next letter, in the order in which it came. */
export function betweenKeys(run: () => void): void {
  if (later.length === 0 && performance.now() - lastKey > typing) run();
  else wait(run);
}

/** Runs what a letter changes beside itself, once the letter is painted. */
export function afterPaint(run: () => void): void {
  wait(run);
  atPaint();
}

// Answers that are read again come between two keys as well.
notifyManager.setScheduler((tell) => {
  if (flushing) queueMicrotask(tell);
  else setTimeout(() => betweenKeys(tell));
});
