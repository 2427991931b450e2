// The loader: draws the button on the host page and loads the chat in a frame when it is first wanted. At most 1 KB
// gzipped, and content with a strict policy there: no inline style, no markup from strings, no cookie. All that it keeps is
// colour and side, once the visitor has written ("relevo.<inbox>"): then the frame is loaded with the next page, for an
// answer may be waiting. So it is on pages with data-campaign, for a message may want to be seen.
import css from './loader.css?inline';

type Relevo = ((verb: string, about?: object) => unknown) & { q?: [string, object?][] };

declare global {
  interface Window {
    relevo?: Relevo;
  }
}

const { src, dataset } = document.currentScript as HTMLScriptElement;
const kept = 'relevo.' + dataset.inbox;
const page = document.createElement('div'), button = document.createElement('button'), frame = document.createElement('iframe');
const root = page.attachShadow({ mode: 'open' }), sheet = new CSSStyleSheet();
const ready = new Promise((done) => (frame.onload = done));
let opened: boolean | undefined, store: Record<string, string> = {};

const relevo: Relevo = (verb, about) => {
  if (!about) {
    if (!frame.parentNode) root.append(frame); // which loads it
    frame.hidden = !(opened = verb === 'open');
    button.ariaExpanded = opened + '';
    if (opened) frame.focus();
  }
  ready.then(() => frame.contentWindow!.postMessage({ relevo: [verb, about, location.href] }, src));
};

frame.title = button.ariaLabel = 'Chat';
frame.height = ''; // the style sheet's
frame.src = new URL('widget/?' + new URLSearchParams({ lang: document.documentElement.lang, ...dataset }), src) + '';
sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];
root.append(button);
button.onclick = () => relevo(opened ? 'close' : 'open');
try {
  store = localStorage;
} catch {
  // forbidden: every page begins anew
}
page.style.cssText = store[kept] ?? '--c:' + (dataset.color ?? '#222');

addEventListener('message', ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data.verb) {
    relevo(data.verb);
    if (!opened) button.focus();
  } else {
    page.style.cssText = data.css;
    frame.height = data.peek;
    frame.hidden = !(opened || data.peek);
    button.ariaLabel = data.label;
    button.dataset.unread = data.unread;
    if (data.stay) store[kept] = data.css;
  }
});

const early = window.relevo?.q;
window.relevo = relevo;
document.documentElement.append(page); // the body may not be there yet
if (store[kept] || 'campaign' in dataset) relevo('close');
early?.map((said) => relevo(...said));
