// The loader: draws the button on the host page and loads the chat in a frame when it is first wanted. At most 1 KB
// gzipped, and content with a strict policy there: no inline style, no markup from strings, no cookie. All that it keeps is
// the colour, once the visitor has written ("relevo.<inbox>"): then the frame is loaded with the next page, for an answer
// may be waiting.
import css from './loader.css?inline';

type Relevo = ((verb: string, about?: object) => unknown) & { q?: [string, object?][] };

const host = window as Window & { relevo?: Relevo };
const { src, dataset } = document.currentScript as HTMLScriptElement;
const kept = 'relevo.' + dataset.inbox;
const make = document.createElement.bind(document);
const page = make('div'), button = make('button'), count = make('b');
const root = page.attachShadow({ mode: 'open' }), sheet = new CSSStyleSheet();
let frame: HTMLIFrameElement | undefined;
let store: Record<string, string> = {};
let arrived: () => void;
const ready = new Promise<void>((done) => (arrived = done));

const paint = (color = '') => button.style.setProperty('--c', color);
const post = (said: object) => ready.then(() => frame!.contentWindow!.postMessage(said, src));
const show = (open: boolean) => {
  if (!frame) {
    frame = make('iframe');
    frame.title = 'Chat';
    frame.src = new URL('widget/?' + new URLSearchParams({ lang: document.documentElement.lang, ...dataset }), src) + '';
    frame.onload = arrived;
    root.append(frame);
  }
  frame.hidden = !open;
  button.ariaExpanded = open + '';
  post({ relevo: open ? 'open' : 'close', page: location.href });
};

sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];
root.append(button);
button.append(count);
button.ariaLabel = 'Chat';
button.onclick = () => {
  show(!frame || !!frame.hidden);
  frame!.focus(); // a hidden one does not take it
};
try {
  store = localStorage;
} catch {
  // forbidden: every page begins anew
}
const known = store[kept];
paint(known || dataset.color);

addEventListener('message', ({ source, data }) => {
  if (!frame || source !== frame.contentWindow) return;
  if (data.label) {
    paint(data.color);
    button.ariaLabel = data.label;
    count.textContent = data.unread || '';
    if (data.stay) store[kept] = data.color;
  } else {
    show(false);
    button.focus();
  }
});

const early = host.relevo;
host.relevo = (verb, about) => (about ? post({ relevo: verb, with: about }) : show(verb === 'open'));
document.documentElement.append(page); // the body may not be there yet
if (known) show(false);
early?.q?.map((said) => host.relevo!(...said));
