// A letter is painted first: what the page makes of it, and what the desk tells meanwhile, follows between two keys. A browser
// that has drawn a frame goes on beating for three more (50 ms), and a key that comes then waits for the next beat: so who types
// fast is shown news only now and then.
import { notifyManager } from '@tanstack/react-query';
import { typesIn } from './keys';

/** As long after a key, another one may be on its way; in ms. */
const typing = 150;
/** Between two keys of one who types so fast, in ms, there is no time for another frame. */
const fast = 100;
/** As long as news gather while one types so fast, in ms. */
const gathering = 1000;
/** As long as a frame leaves for the screen after the page has made it, in ms. */
const drawing = 5;
/** The longest that what a letter changes waits for it to be painted, in ms: a page that is not seen paints nothing. */
const unseen = 100;

type Run = () => void;

let lastKey = -Infinity;
/** Between the last two keys, in ms. */
let gap = Infinity;
let letters: Run[] = [];
let news: Run[] = [];
/** Since when news gather. */
let since = 0;
let lettersDue: ReturnType<typeof setTimeout> | undefined;
let newsDue: ReturnType<typeof setTimeout> | undefined;
let running = false;
let painting = false;

function attempt(run: Run): void {
  try {
    run();
  } catch (cause) {
    reportError(cause); // and what else waits is done
  }
}

function runAll(all: readonly Run[]): void {
  running = true;
  try {
    notifyManager.batch(() => all.forEach(attempt));
  } finally {
    running = false;
  }
}

function runLetters(): void {
  clearTimeout(lettersDue);
  lettersDue = undefined;
  const all = letters;
  letters = [];
  runAll(all);
}

function runNews(): void {
  clearTimeout(newsDue);
  const all = news;
  news = [];
  runAll(all);
}

/** When no other key follows, news are shown. */
function restAfterKey(): void {
  clearTimeout(newsDue);
  newsDue = setTimeout(runNews, lastKey + typing - performance.now());
}

/** Ends what waits when the frame of this key has left for the screen. */
function atPaint(): void {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => setTimeout(() => {
    painting = false;
    if (letters.length > 0) runLetters();
    if (news.length > 0 && (gap > fast || performance.now() - since > gathering)) runNews();
  }, drawing));
}

addEventListener('keydown', (e) => {
  if (!typesIn(e.target)) return;
  const now = performance.now();
  gap = now - lastKey;
  lastKey = now;
  if (news.length === 0) return;
  restAfterKey();
  atPaint();
}, true);

/** Runs what news changes: at once, or while somebody types after one of his next letters, in the order in which it came. */
export function betweenKeys(run: Run): void {
  if (news.length === 0 && performance.now() - lastKey > typing) return run();
  if (news.length === 0) {
    since = performance.now();
    restAfterKey();
  }
  news.push(run);
}

/** Runs what a letter changes beside itself, once the letter is painted. */
export function afterPaint(run: Run): void {
  letters.push(run);
  lettersDue ??= setTimeout(runLetters, unseen);
  atPaint();
}

// Answers that are read again come between two keys as well.
notifyManager.setScheduler((tell) => {
  if (running) queueMicrotask(tell);
  else setTimeout(() => betweenKeys(tell));
});
