// The list of conversations: a view, its filters, and the rows.
import { clock, fill, h } from './dom.js';
import { icon } from './icon.js';
import { alive, attempt, byID, call, draw, nameOf, soon, state } from './state.js';

/** Makes the pane of the list. */
export function listPane() {
  const w = state.words;
  const views = h('div', { class: 'views', role: 'group', 'aria-label': w.conversations });
  const list = h('nav', { class: 'list', 'aria-label': w.conversations });
  const filters = h('div', { class: 'filters' },
    h('select', { 'aria-label': w.status, value: state.status, onchange: (e) => { state.status = e.target.value; readList(); } },
      h('option', { value: '' }, w.allStatuses), ['open', 'pending', 'snoozed', 'resolved'].map((s) => h('option', { value: s }, w[s]))),
    h('select', { 'aria-label': w.department, value: state.department, onchange: (e) => { state.department = e.target.value; readList(); } },
      h('option', { value: '' }, w.allDepartments), alive(state.departments).map((d) => h('option', { value: d.id }, d.name))));
  const drawViews = () => fill(views, ['mine', 'waiting', 'unassigned', 'all'].map((v) =>
    h('button', { 'aria-pressed': String(state.view === v), onclick: () => { state.view = v; drawViews(); readList(); } }, w[v])));
  draw.list = () => fill(list, state.list.map(row), state.list.length === 0 && h('p', { class: 'empty' }, w.empty),
    state.cursor && h('p', { class: 'empty' }, h('button', { onclick: readMore }, w.more)));
  drawViews();
  draw.list();
  return h('section', { class: 'pane queue' }, views, filters, list);
}

function address(cursor, fresh) {
  const query = new URLSearchParams({ view: state.view });
  if (state.status && ['mine', 'all'].includes(state.view)) query.set('status', state.status); // the others hold open ones only
  if (state.department) query.set('department', state.department);
  if (cursor) query.set('cursor', cursor);
  return `/v1/conversations?${query}`;
}

let asked = 0;

/** Reads the first page of the list; what was asked last wins. */
export async function readList() {
  const mine = ++asked;
  await attempt(async () => {
    const page = await call('GET', address());
    if (mine !== asked) return;
    Object.assign(state, { list: page.items, cursor: page.cursor ?? '' });
    draw.list();
  });
}

/** readList, a little later, once. */
export const readListSoon = soon(readList, 250);

async function readMore() {
  await attempt(async () => {
    const page = await call('GET', address(state.cursor));
    const known = new Set(state.list.map((c) => c.id));
    state.list.push(...page.items.filter((c) => !known.has(c.id)));
    state.cursor = page.cursor ?? '';
    draw.list();
  });
}

/** Puts what a frame told into its row; the order follows with the next reading. */
export function refreshRow(conversation) {
  const at = state.list.findIndex((c) => c.id === conversation.id);
  if (at >= 0) {
    state.list[at] = { ...conversation, allowed: state.list[at].allowed };
    draw.list();
  }
}

export const customerOf = (c) => c.contact.name || c.contact.email || `${state.words.customer} ${c.number}`;
export const glyph = (c) => icon(c.channel === 'whatsapp' ? 'phone' : 'chat');

function row(c) {
  const w = state.words;
  return h('a', { href: `#/c/${encodeURIComponent(c.id)}`, class: c.unread ? 'unread' : undefined, 'aria-current': state.current?.conversation.id === c.id && 'true' },
    h('span', { class: 'line' }, h('span', { title: c.channel, 'aria-hidden': 'true' }, glyph(c)), h('b', null, customerOf(c)), h('small', null, clock(c.last_at ?? c.created_at, w.language))),
    h('span', { class: 'line' }, h('span', { class: 'preview' }, c.preview?.kind === 'note' && [icon('lock'), ' '], c.preview?.by === 'user' && c.preview.kind !== 'note' && [icon('reply'), ' '], c.preview?.text || '…'),
      c.unread > 0 && h('span', { class: 'count' }, c.unread > 9 ? '9+' : c.unread)),
    h('span', { class: 'row' },
      c.status !== 'open' && h('span', { class: 'chip on' }, w[c.status]), c.breached && h('span', { class: 'chip late' }, w.breached), c.muted && h('span', { class: 'chip' }, w.muted),
      c.priority !== 'none' && h('span', { class: 'chip late' }, w.priorities[c.priority]),
      h('span', { class: 'chip' }, c.assignee ? nameOf(state.agents, c.assignee) : c.waits_for ? `${w.waitsFor} ${nameOf(state.agents, c.waits_for)}` : nameOf(state.departments, c.department)),
      c.labels.map((id) => h('span', { class: 'chip' }, byID(state.labels, id)?.name ?? id))));
}
