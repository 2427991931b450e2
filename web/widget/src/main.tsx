import { h, render, type VNode } from 'preact';
import { openLine, type Socket } from '@relevo/shared/live/line';
import { outbox } from '@relevo/shared/live/outbox';
import { share, type Channel } from '@relevo/shared/live/share';
import { bubbleAbove, campaigns } from './campaign';
import * as chat from './chat';
import { desk } from './desk';
import { close, host, tell } from './frame';
import { home } from './home';
import { icon, turn } from './icons';
import { alone, keep } from './keep';
import { head } from './parts';
import { lang, say, speak, w } from './say';
import { talk } from './talk';
import css from './widget.css?inline';

/** What differs by deployment: where the API and the live line are, and how large a file may be. */
interface Config {
  api?: string;
  live?: string;
  max_attachment?: number;
}

const asked = Object.fromEntries(new URLSearchParams(location.search));
const { inbox = 'web' } = asked, kept = `relevo.${inbox}.`;
const store = keep(kept);
const root = document.documentElement;
const newID = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
const wear = (color = '') => {
  root.style.setProperty('--brand', color || '#1a1e23'); // what stands on it, the style sheet works out
  store.set('color', color);
};

wear(store.get('color') || asked.color);
root.dataset.theme = asked.theme ?? '';

const connect = async () => {
  const config: Config = await (await fetch('/config.json')).json();
  chat.parts.room = config.max_attachment ?? 25 << 20;
  return config;
};
let connected: ReturnType<typeof connect> | undefined;
const reach = () => (connected ??= connect().catch((fault) => ((connected = undefined), Promise.reject(fault))));
const call = desk(reach, inbox, (session) => {
  chat.meet(session);
  wear(session.inbox.color);
  speech();
});

/** Speaks the page's language, or else the inbox's. */
const speech = () => void speak(draw, asked.lang ?? '', chat.inbox?.language ?? navigator.language);

chat.begin({
  store,
  newID,
  room: 0,
  call,
  changed: draw,
  box: (user, o) => outbox({ ...o, name: kept + user, lock: alone, shown: draw }),
  line(user, listener) {
    const name = kept + 'line.' + user;
    return share({
      name,
      tab: newID(),
      lock: alone,
      listener: listener as never,
      channel: new BroadcastChannel(name) as Channel,
      line: (heard) =>
        openLine({
          ...heard,
          async connect() {
            const { live = location.origin.replace('http', 'ws') + '/live' } = await reach(), { ticket } = await call<{ ticket: string }>('POST', 'live/ticket');
            return Object.assign(new WebSocket(`${live}?ticket=${ticket}`) as Socket, { ticket });
          },
        }),
    });
  },
});

host((verb, about, address) => {
  chat.identify({ ...about, page: address });
  if (about) return;
  if (!chat.ready) void chat.start();
  chat.show(verb === 'open');
});

const starting = () => [
  head(),
  <div class="body middle" role="status">
    {chat.fault
      ? [
          <p>{w.noStart}</p>,
          <button class="button tall" data-focus onClick={() => chat.start()}>
            {w.retry}
          </button>,
        ]
      : icon(turn, 'turn')}
  </div>,
];
const panel = (): VNode => (
  <div class="widget" role="dialog" aria-label={chat.inbox?.account ?? 'Chat'}>
    {!chat.ready ? starting() : chat.where === 'home' ? (chat.parts.tickets ?? home)() : talk()}
    <p class="by">{w.madeBy}</p>
  </div>
);

let drawing = false, looked = '', aimed: HTMLElement | null = null;
/** Draws once for all changes of a turn, tells the button how it looks, and moves the focus with the view. */
function draw() {
  if (drawing || !lang) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    const peeks = campaigns();
    render(peeks ? bubbleAbove() : panel(), document.body);
    const unread = (!chat.open && chat.unread()) || '';
    const look = {
      css: `--c:${store.get('color') || '#222'}` + (chat.inbox?.side === 'start' ? ';--side:20px auto' : ''),
      label: w.open + (unread ? ', ' + say(w.unread, unread) : ''),
      unread,
      stay: chat.talks.length > 0,
      peek: peeks ? document.querySelector<HTMLElement>('.campaign')!.offsetHeight || 1 : '', // a hidden frame has no heights; it is drawn again when it has
    };
    if (looked !== (looked = JSON.stringify(look))) tell(look);
    const target = chat.open ? document.querySelector<HTMLElement>('[data-focus]') : null;
    if (aimed !== (aimed = target)) target?.focus();
  });
}

addEventListener('keydown', (e) => {
  if (e.key === 'Escape' && !document.querySelector(':popover-open')) close();
  if (e.key !== 'Tab') return;
  const all = [...document.querySelectorAll<HTMLElement>('a[href],button,input,textarea,[tabindex]')].filter((el) => el.checkVisibility());
  const from = e.shiftKey ? 0 : -1, active = document.activeElement;
  if (active !== all.at(from) && active !== document.body) return;
  e.preventDefault();
  all.at(-1 - from)?.focus();
});
// In another tab of this browser he entered a code, or left.
addEventListener('storage', ({ key }) => key === kept + 'me' && chat.restart());
addEventListener('online', chat.wake);
addEventListener('offline', () => chat.reached(false));
addEventListener('visibilitychange', chat.wake);
addEventListener('resize', draw);
addEventListener('pagehide', chat.part);
speech();

// At the end, where it packs best; nothing is drawn before.
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
