// The loader: draws the button on the host page and loads the chat in a frame when it is first wanted. At most 1 KB
// gzipped, and content with a strict policy there: no inline style, no markup from strings, no cookie. Whether the visitor
// has written before is all that it keeps of him ("relevo.<inbox>": the colour), so that answers find him on the next page.
import css from './loader.css?inline';

type Said = [verb: 'open' | 'close' | 'identify', about?: object];
type Relevo = ((...said: Said) => void) & { q?: Said[] };

const w = window as unknown as { relevo?: Relevo } & Window;
const script = document.currentScript as HTMLScriptElement;
const { inbox = 'web', color, theme = '' } = script.dataset;
const kept = `relevo.${inbox}`;
const make = document.createElement.bind(document);
const page = make('div'), button = make('button'), count = make('b');
const root = page.attachShadow({ mode: 'open' }), sheet = new CSSStyleSheet();
let frame: HTMLIFrameElement | undefined, loaded = false, known: string | null = null;
const queue: object[] = [];

try {
  known = localStorage.getItem(kept);
} catch {
  // no storage: every page begins anew
}
sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];
const paint = (value?: string | null) => value && button.style.setProperty('--c', value);
paint(known || color);
button.ariaLabel = 'Chat';
button.ariaExpanded = 'false';
button.append(count);
root.append(button);

const address = new URL('widget/', script.src);
const post = (said: object) => (loaded ? frame!.contentWindow!.postMessage(said, address.origin) : queue.push(said));
const load = () => {
  if (frame) return;
  frame = make('iframe');
  frame.title = 'Chat';
  frame.src = `${address}?${new URLSearchParams({ inbox, theme, color: color || '' })}`;
  frame.onload = () => {
    loaded = true;
    queue.splice(0).forEach(post);
  };
  root.append(frame);
};
const say = (relevo: string) => post({ relevo, page: location.href, lang: document.documentElement.lang });
const show = (open: boolean) => {
  load();
  page.toggleAttribute('open', open);
  button.ariaExpanded = `${open}`;
  say(open ? 'open' : 'close');
  (open ? frame! : button).focus();
};

button.onclick = () => show(!page.hasAttribute('open'));
addEventListener('message', ({ source, data }) => {
  if (!frame || source !== frame.contentWindow) return;
  if (data.relevo === 'close') show(false);
  if (data.relevo !== 'look') return;
  paint(data.color);
  button.ariaLabel = data.label;
  count.textContent = data.unread || '';
  try {
    if (data.stay) localStorage.setItem(kept, data.color);
  } catch {
    // as above
  }
});

const early = w.relevo?.q ?? [];
w.relevo = (verb, about) => (verb === 'identify' ? post({ relevo: verb, with: about }) : show(verb === 'open'));
const begin = () => {
  document.body.append(page);
  if (known) {
    load();
    say('begin');
  }
  early.forEach((said) => w.relevo!(...said));
};
if (document.body) begin();
else addEventListener('DOMContentLoaded', begin);
