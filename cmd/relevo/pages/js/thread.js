// The conversation that is shown: its head, its thread and what can be done to a message.
import { $, clock, content, day, fill, h, moment, toast } from './dom.js';
import { icon } from './icon.js';
import { attempt, call, draw, may, nameOf, state } from './state.js';
import { customerOf, glyph, refreshRow } from './list.js';
import { composer, resend } from './composer.js';
import { closeDialog, snoozeDialog, transcriptDialog, transferDialog } from './dialogs.js';

const path = (rest = '') => `/v1/conversations/${encodeURIComponent(state.current.conversation.id)}${rest}`;

/** Makes the pane of the thread. */
export function talkPane() {
  const head = h('header', { class: 'head', hidden: true });
  const thread = h('div', { class: 'thread', role: 'log', 'aria-live': 'polite', tabindex: '0' });
  const typing = h('div', { class: 'typing', role: 'status' });
  const foot = h('div');
  draw.head = () => { head.hidden = !state.current; fill(head, ...(state.current ? headParts() : [])); };
  draw.thread = () => drawThread(thread);
  draw.typing = () => {
    const by = state.current && state.typing;
    typing.textContent = by ? state.words.typing(by.kind === 'customer' ? customerOf(state.current.conversation) : by.name ?? '') : '';
  };
  draw.composer = () => fill(foot, state.current ? composer() : null);
  draw.thread();
  return h('section', { class: 'pane talk' }, head, thread, typing, foot);
}

const reading = new Set(); // for each reading under way, what arrived since it began

/** Opens a conversation, or reads the shown one again. What arrives meanwhile is put on top. */
export async function open(id, again = false) {
  const meanwhile = [];
  reading.add(meanwhile);
  try {
    await read(id, again);
  } finally {
    reading.delete(meanwhile);
  }
  for (const m of meanwhile) if (state.current?.conversation.id === m.conversation) place(m);
}

async function read(id, again) {
  const view = await call('GET', `/v1/conversations/${encodeURIComponent(id)}?fresh=${again}`).catch((refusal) => {
    toast(refusal.message, true);
    if (refusal.status === 404) location.hash = '#/';
  });
  if (!view || (again && state.current?.conversation.id !== id)) return;
  if (!again && state.current) state.line?.send({ type: 'unwatch', conversation: state.current.conversation.id });
  const acts = (c) => `${c?.allowed} ${c?.status}`;
  const before = state.current?.conversation;
  if (again) { // older pages that were read stay
    const first = view.messages[0]?.id ?? '';
    view.messages = [...(view.more ? state.current.messages.filter((m) => m.id < first) : []), ...view.messages];
    if (view.messages[0]?.id < first) view.more = state.current.more;
  }
  state.current = view;
  if (!again) {
    state.typing = null;
    state.line?.send({ type: 'watch', conversation: id });
  }
  draw.head();
  draw.thread();
  if (!again || acts(before) !== acts(view.conversation)) draw.composer();
  draw.details(!again);
  draw.list();
  seen();
  if (!again) scrollDown();
}

/** Leaves the conversation. */
export function forget() {
  if (!state.current) return;
  state.line?.send({ type: 'unwatch', conversation: state.current.conversation.id });
  state.current = null;
  for (const part of ['head', 'thread', 'composer', 'details', 'list']) draw[part]();
}

/** Puts a message in the place that its id gives it. An echo of what we sent is older than what is there. */
export function place(m, echo = false) {
  if (m.client_id) state.pending.delete(m.client_id);
  if (echo && state.current.messages.some((x) => x.id === m.id)) return draw.thread();
  for (const meanwhile of reading) meanwhile.push(m);
  const messages = state.current.messages;
  const at = messages.findIndex((x) => x.id >= m.id);
  if (at < 0) messages.push(m);
  else if (messages[at].id === m.id) messages[at] = m;
  else messages.splice(at, 0, m);
  const thread = $('.thread');
  const low = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  draw.thread();
  if (low) scrollDown();
}

export function scrollDown() {
  const thread = $('.thread');
  thread.scrollTop = thread.scrollHeight;
}

/** Tells the desk that what is shown was read. */
export function seen() {
  const c = state.current?.conversation;
  const last = state.current?.messages.findLast((m) => m.kind === 'message' && m.author.kind === 'customer');
  if (!c || !last || document.hidden || state.me.agent.role === 'viewer' || (c.read_to ?? '') >= last.id) return;
  c.read_to = last.id;
  state.line?.send({ type: 'read', conversation: c.id, up_to: last.id });
}
addEventListener('visibilitychange', seen);

/** Does an act and shows the conversation as it is then. */
export async function act(name, body = {}, method = 'POST') {
  const id = state.current.conversation.id;
  return attempt(async () => {
    const answer = await call(method, `/v1/conversations/${encodeURIComponent(id)}/${name}`, body);
    const now = answer.conversation ?? answer;
    if (now.id) refreshRow(now);
    if (state.current?.conversation.id === id) await open(id, true);
    return answer;
  });
}

function headParts() {
  const w = state.words, c = state.current.conversation;
  const until = c.snoozed_until ? w.until(moment(c.snoozed_until, w.language)) : w.untilReply;
  const button = (name, text, run, look) => may(name) && h('button', { class: look, onclick: run }, text);
  return [
    h('a', { class: 'button to-list', href: '#/', 'aria-label': w.back }, icon('back')),
    h('div', { class: 'who' }, h('h1', null, customerOf(c)),
      h('div', { class: 'row small' }, h('span', null, glyph(c), ` ${nameOf(state.inboxes, c.inbox)} · ${c.number}`), h('span', { class: 'chip on' }, w[c.status], c.status === 'snoozed' && ` ${until}`),
        c.muted && h('span', { class: 'chip' }, w.muted), c.breached ? h('span', { class: 'chip late' }, w.breached)
          : c.first_reply_due && !c.first_reply_at && c.status === 'open' && h('span', { class: 'chip' }, w.due(clock(c.first_reply_due, w.language))))),
    h('button', { 'aria-label': w.details, onclick: () => $('#place').classList.toggle('no-details') }, icon('info')),
    h('div', { class: 'acts' },
      button('accept', w.accept, () => act('accept'), 'primary'),
      button('transfer', w.transfer, transferDialog), button('snooze', w.snooze, snoozeDialog), button('pending', w.markPending, () => act('pending')),
      button('open', w.setOpen, () => act('open')), button('reopen', w.reopen, () => act('reopen')),
      c.muted ? button('unmute', w.unmute, () => act('unmute')) : button('mute', w.mute, () => act('mute')),
      button('transcript', w.transcript, transcriptDialog), button('close', w.close, closeDialog, 'done')),
  ];
}

function drawThread(thread) {
  const w = state.words;
  if (!state.current) return fill(thread, h('p', { class: 'empty' }, w.pick));
  const { messages, more, conversation } = state.current;
  const parts = [more && h('p', { class: 'empty' }, h('button', { onclick: older }, w.older))];
  let date = '';
  for (const m of messages) {
    const today = day(m.at, w.language);
    if (today !== date) parts.push(h('p', { class: 'day' }, (date = today)));
    parts.push(m.kind === 'activity' ? activity(m) : said(m));
  }
  const answered = messages.findLast((m) => m.kind === 'message' && m.author.kind !== 'customer');
  if (conversation.channel === 'webchat' && answered && (conversation.customer_read ?? '') >= answered.id) parts.push(h('small', { class: 'activity' }, w.seen));
  for (const p of state.pending.values()) if (p.conversation === conversation.id) parts.push(waiting(p));
  const kept = thread.scrollTop;
  fill(thread, parts);
  thread.scrollTop = kept;
}

async function older() {
  const thread = $('.thread'), height = thread.scrollHeight;
  await attempt(async () => {
    const page = await call('GET', path(`/messages?before=${encodeURIComponent(state.current.messages[0].id)}`));
    state.current.messages.unshift(...page.messages);
    state.current.more = page.more;
    draw.thread();
    thread.scrollTop = thread.scrollHeight - height;
  });
}

function activity(m) {
  const w = state.words, d = m.data ?? {};
  const who = m.author.kind === 'customer' ? w.customer : m.author.name ?? 'Relevo';
  const labels = (ids) => (ids ?? '').split(/[ ,]+/).filter(Boolean).map((id) => nameOf(state.labels, id)).join(', ');
  const to = d.agent ? nameOf(state.agents, d.agent) : nameOf(state.departments, d.department);
  const told = w.did[m.event]?.({ ...d, name: d.name, to: d.to ?? to, waits: d.waits_for, added: labels(d.added), removed: labels(d.removed) }, who) ?? m.event;
  if (m.event === 'conversation.transferred' && d.reason) {
    return h('div', { class: 'said inner' }, h('div', { class: 'meta' }, icon('lock'), told, ' · ', clock(m.at, w.language)), h('div', { class: 'bubble' }, d.reason));
  }
  const note = m.event === 'conversation.closed' && (d.category || d.summary) ? ` (${[d.category, d.summary].filter(Boolean).join(': ')})` : '';
  return h('p', { class: 'activity' }, `${told}${note} · ${clock(m.at, w.language)}`);
}

function said(m) {
  const w = state.words, ours = m.author.kind !== 'customer', inner = m.kind === 'note';
  const meant = m.reply_to && state.current.messages.find((x) => x.id === m.reply_to);
  return h('div', { class: `said${inner ? ' inner' : ours ? ' ours' : ''}` },
    inner && h('div', { class: 'meta' }, icon('lock'), `${m.author.name ?? ''} · ${w.note}`),
    meant && h('div', { class: 'quote' }, meant.text || '…'),
    m.content === 'template' && h('span', { class: 'chip' }, w.template),
    h('div', { class: 'bubble' }, content(m, w)),
    h('div', { class: 'meta' }, ours && !inner && (m.author.name ?? 'Relevo'), h('time', { datetime: m.at }, clock(m.at, w.language)), m.edited_at && w.edited, delivery(m), menu(m)));
}

function delivery(m) {
  const w = state.words;
  if (m.kind !== 'message' || m.author.kind === 'customer' || !m.delivery) return null;
  const marks = { sent: '✓', delivered: '✓✓', read: '✓✓', failed: '⚠' };
  if (m.delivery.state !== 'failed') return h('span', null, `${marks[m.delivery.state]} ${w.states[m.delivery.state]}`);
  return h('span', { class: 'late' }, icon('warn'), ` ${w.states.failed}: ${m.delivery.error ?? ''} `,
    may('reply') && h('button', { class: 'link', onclick: () => attempt(async () => place(await call('POST', path(`/messages/${m.id}/retry`)))) }, w.retry));
}

function menu(m) {
  const w = state.words;
  if (m.deleted_at) return null;
  const remove = m.author.id === state.me.agent.id || ['operator', 'administrator'].includes(state.me.agent.role);
  return h('details', null, h('summary', { 'aria-label': w.menu }, '⋯'), h('div', null,
    h('button', { class: 'plain', onclick: (e) => { navigator.clipboard.writeText(m.text); e.target.closest('details').open = false; } }, w.copy),
    m.kind === 'message' && may('reply') && h('button', { class: 'plain', onclick: (e) => { e.target.closest('details').open = false; state.replyTo = m; draw.composer(); $('.composer textarea')?.focus(); } }, w.reply),
    remove && h('button', { class: 'plain', onclick: () => attempt(() => call('DELETE', path(`/messages/${m.id}`))) }, w.remove)));
}

/** A message of ours that the desk has not taken yet. */
function waiting(p) {
  const w = state.words;
  return h('div', { class: `said ${p.body.kind === 'note' ? 'inner' : 'ours'}` }, h('div', { class: 'bubble' }, p.body.text || p.body.template?.name || icon('attach')),
    h('div', { class: 'meta' }, p.fault ? h('span', { class: 'late' }, icon('warn'), ` ${p.fault} `, h('button', { class: 'link', onclick: () => resend(p) }, w.retry), ' ',
      h('button', { class: 'link', onclick: () => { state.pending.delete(p.body.client_id); draw.thread(); } }, w.discard)) : w.sending));
}

