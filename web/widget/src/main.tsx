import { h, render } from 'preact';
import './widget.css';
import { api } from './api';
import { App } from './app';
import { Chat } from './chat';
import { host } from './frame';
import { keep } from './keep';
import { liveLine } from './live';
import type { Later } from './head';
import { say, spoken, wordsOf } from './say';
import type { Words } from './say';

/** What differs by deployment: where the API and the live line are, and how large a file may be. */
interface Config {
  api?: string;
  live?: string;
  max_attachment?: number;
}

const asked = Object.fromEntries(new URLSearchParams(location.search));
const { inbox = 'web', lang: pageLanguage = '' } = asked;
const store = keep(`relevo.${inbox}.`);
const root = document.documentElement;
const newID = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
const wear = (color = '') => {
  root.style.setProperty('--brand', color || '#1a1e23'); // what stands on it, the style sheet works out
  store.set('color', color);
};
wear(store.get('color') ?? asked.color);
root.dataset.theme = asked.theme ?? '';

const connect = async () => {
  const config: Config = await (await fetch('/config.json')).json();
  chat.most = config.max_attachment ?? chat.most;
  const call = api(config.api ?? '', inbox, store, (session) => {
    chat.inbox = session.inbox;
    wear(session.inbox.color);
    speak();
  });
  return { call, live: config.live ?? `${location.origin.replace('http', 'ws')}/live` };
};
let connected: ReturnType<typeof connect> | undefined;
const desk = () => (connected ??= connect().catch((fault) => ((connected = undefined), Promise.reject(fault))));

const chat: Chat = new Chat({
  store,
  newID,
  call: async (...request) => (await desk()).call(...request),
  changed: draw,
  line: (parts) =>
    liveLine({
      ...parts,
      address: async () => {
        const { call, live } = await desk();
        return `${live}?ticket=${(await call<{ ticket: string }>('POST', 'live/ticket')).ticket}`;
      },
    }),
});

let lang = '', w: Words | undefined;
/** Speaks the page's language, or else the inbox's. */
function speak() {
  const wanted = spoken(pageLanguage, chat.inbox?.language ?? navigator.language);
  if (lang === wanted) return draw();
  root.lang = lang = wanted;
  void wordsOf(wanted).then((words) => {
    w = words;
    draw();
  });
}

const tell = host((said) => {
  if (said.relevo === 'identify') return void load().then((parts) => parts?.identify(chat, said.with));
  if (said.page) chat.about.page = said.page.slice(0, 2000);
  if (!chat.ready) void chat.start();
  chat.show(said.relevo === 'open');
});

function close() {
  chat.show(false);
  tell({});
}

let later: Later | undefined;
const load = () =>
  import('./later').then(
    async (parts) => {
      await parts.dressed;
      if (later !== (later = parts)) draw();
      return parts;
    },
    () => undefined, // offline; the next drawing tries again
  );

let drawing = false, looked = '', aimed: HTMLElement | null = null;
/** Draws once for all changes of a turn, tells the button how it looks, and moves the focus with the view. */
function draw() {
  if (drawing || !w) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    if (chat.going && !later) void load(); // while the desk is within reach
    render(<App ui={{ chat, w: w!, lang, close, later, load }} />, document.body);
    const unread = chat.open ? 0 : chat.unread;
    const look = { color: store.get('color') ?? '', label: w!.open + (unread ? `, ${say(w!.unread, unread)}` : ''), unread, stay: chat.talks.length > 0 };
    if (looked !== (looked = JSON.stringify(look))) tell(look);
    const target = chat.open ? document.querySelector<HTMLElement>('[data-focus]') : null;
    if (aimed !== (aimed = target)) target?.focus();
  });
}

addEventListener('keydown', (e) => {
  if (e.key === 'Escape' && !chat.picking) close();
  if (e.key !== 'Tab') return;
  const all = [...document.querySelectorAll<HTMLElement>('a[href],button,input,textarea,[tabindex]')].filter((el) => el.checkVisibility());
  const from = e.shiftKey ? 0 : -1, active = document.activeElement;
  if (active !== all.at(from) && active !== document.body) return;
  e.preventDefault();
  all.at(-1 - from)?.focus();
});
addEventListener('online', () => chat.wake());
addEventListener('offline', () => chat.reached(false));
addEventListener('visibilitychange', () => chat.wake());
addEventListener('storage', draw);
speak();
