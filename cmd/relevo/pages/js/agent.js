// The agents' page: who is signed in, which place is shown, and the open line.
import { begin, signIn, signOut } from './signin.js';
import { $, fill, h, moment, toast } from './dom.js';
import { icon } from './icon.js';
import { liveLine } from './live.js';
import { wordsOf } from './words.js';
import { attempt, call, draw, readSettings, soon, state } from './state.js';
import { hear } from './events.js';
import { listPane, readList } from './list.js';
import { forget, open, talkPane } from './thread.js';
import { detailsPane } from './details.js';
import { ticketPage, ticketsPage } from './tickets.js';
import { contactPage, settingsPage } from './settings.js';

const app = $('#app');
state.words = wordsOf(navigator.language);

start();

async function start() {
  try {
    if (!(await begin())) return welcome();
    state.me = await call('GET', '/v1/me');
    await readSettings();
  } catch (fault) {
    return welcome(fault.message);
  }
  state.words = wordsOf(state.me.agent.language);
  document.documentElement.lang = state.words.language;
  app.className = '';
  app.removeAttribute('aria-busy');
  frame();
  state.line = liveLine({
    ticket: async () => (await call('POST', '/v1/live/ticket')).ticket,
    opened: reread,
    frame: hear,
    state: (now) => { state.lost = now === 'lost'; draw.banner(); },
  });
  readNotifications();
  addEventListener('hashchange', place);
  await place();
  // Nobody pushes the whole account to those who see all of it, so they look themselves.
  setInterval(() => { if (!document.hidden && ['all', 'unassigned'].includes(state.view)) readList(); }, 10_000);
}

function welcome(fault) {
  fill(app, h('div', { class: 'stack' }, h('h1', null, 'Relevo'), h('p', null, state.words.signInHint),
    fault && h('p', { class: 'late', role: 'alert' }, fault),
    h('p', null, h('button', { class: 'primary', autofocus: true, onclick: () => attempt(signIn) }, state.words.signIn))));
  app.removeAttribute('aria-busy');
}

/** After a gap: watch again, and read again what is shown. */
async function reread(line) {
  const shown = state.current?.conversation.id;
  if (shown) await line.ask({ type: 'watch', conversation: shown }).catch(() => {});
  await Promise.all([readList(true), shown && open(shown, true), readNotifications()]);
  state.me.seat = (await call('GET', '/v1/me')).seat;
  draw.bar();
}

function frame() {
  const bar = h('header', { class: 'bar' });
  const banner = h('div', { class: 'banner', role: 'status', hidden: true });
  draw.banner = soon(() => { banner.hidden = !state.lost; banner.textContent = state.lost ? state.words.lost : ''; }, state.lost ? 3000 : 300);
  draw.bar = () => fill(bar, ...barParts());
  fill(app, bar, banner, h('main', { class: 'page', id: 'place', tabindex: '-1' }));
  draw.bar();
}

function barParts() {
  const w = state.words, { agent, seat } = state.me;
  const link = (address, text) => h('a', { href: address, 'aria-current': here(address) && 'page' }, text);
  const unread = state.notifications.filter((n) => !n.read).length;
  const works = agent.role !== 'viewer';
  return [
    h('b', null, 'Relevo'),
    h('nav', { 'aria-label': 'Relevo' }, link('#/', w.conversations), link('#/tickets', w.tickets), link('#/settings', w.settings)),
    h('div', { class: 'me' },
      h('button', { onclick: notices, 'aria-label': `${w.notifications}: ${unread}` }, icon('bell'), unread > 0 && h('span', { class: 'count' }, unread)),
      works && h('select', { 'aria-label': w.presence, value: seat.chosen, onchange: (e) => choose(e.target.value) },
        ['connected', 'pre_pause', 'pause', 'disconnected'].map((p) => h('option', { value: p }, w[p]))),
      works && h('span', { title: w.load }, `${seat.load}/${seat.capacity}`),
      h('span', null, h('b', null, agent.name), ' ', h('small', null, w.roles[agent.role])),
      h('button', { class: 'link', onclick: signOut }, w.signOut)),
  ];
}

const here = (address) => (address === '#/' ? !/^#\/(tickets|settings|contacts)/.test(location.hash) : location.hash.startsWith(address));

const choose = (presence) => attempt(async () => {
  state.me.seat = await call('PUT', '/v1/me/presence', { presence });
  draw.bar();
});

async function readNotifications() {
  await attempt(async () => { state.notifications = (await call('GET', '/v1/notifications')).items; });
  draw.bar();
}

function notices() {
  const w = state.words;
  const dialog = h('dialog', { 'aria-label': w.notifications, onclose: () => dialog.remove() },
    h('div', { class: 'stack' }, h('h2', null, w.notifications),
      state.notifications.length ? h('ul', { class: 'stack' }, state.notifications.map((n) => h('li', null,
        h('a', { href: `#/c/${n.conversation}`, onclick: () => dialog.close() }, n.kind === 'breach' ? '' : `${n.by.name ?? ''} `, `${w.notifies[n.kind]} ${w.conversation} ${n.number}`),
        !n.read && ' ●', n.text && h('div', { class: 'muted' }, n.text), n.at && h('small', null, moment(n.at, w.language))))) : h('p', { class: 'muted' }, w.noNotifications),
      h('div', { class: 'ends' }, h('button', { onclick: () => dialog.close() }, w.back))));
  document.body.append(dialog);
  dialog.showModal();
  const newest = state.notifications[0];
  if (newest && state.notifications.some((n) => !n.read)) {
    attempt(async () => {
      await call('POST', '/v1/notifications/read', { up_to: newest.id });
      state.notifications = state.notifications.map((n) => ({ ...n, read: true }));
      draw.bar();
    });
  }
}

/** Shows the place that the address names. */
async function place() {
  const [, what, id] = location.hash.split('/');
  const main = $('#place');
  draw.bar();
  if (what === 'tickets' || what === 'settings' || what === 'contacts') {
    forget();
    main.className = 'page';
    const page = { tickets: id ? ticketPage : ticketsPage, settings: settingsPage, contacts: contactPage }[what];
    await attempt(async () => fill(main, await page(id)));
    return;
  }
  if (!main.classList.contains('panes')) {
    main.className = 'panes no-details';
    fill(main, listPane(), talkPane(), detailsPane());
    await readList();
  }
  main.classList.toggle('chosen', what === 'c');
  if (what === 'c' && id !== state.current?.conversation.id) {
    if (innerWidth >= 1200) main.classList.remove('no-details');
    await open(decodeURIComponent(id));
  } else if (what !== 'c') {
    forget();
  }
}

addEventListener('unhandledrejection', (e) => toast(e.reason?.message ?? String(e.reason), true));
