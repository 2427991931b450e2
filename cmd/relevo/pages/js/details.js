// What stands beside the thread: whose it is, the contact, labels, priority, the ticket, earlier conversations.
import { icon } from './icon.js';
import { $, clock, fill, h, moment, newID, toast } from './dom.js';
import { alive, attempt, call, draw, may, nameOf, state } from './state.js';
import { act, open } from './thread.js';
import { ask } from './dialogs.js';

let earlier = [];

/** Makes the pane. */
export function detailsPane() {
  const pane = h('aside', { class: 'pane details', 'aria-label': state.words.details });
  draw.details = (another) => {
    if (!state.current) return fill(pane);
    if (another) readEarlier();
    if (!pane.contains(document.activeElement)) fill(pane, ...sections());
  };
  return pane;
}

async function readEarlier() {
  earlier = [];
  const { id, contact } = state.current.conversation;
  await attempt(async () => {
    const page = await call('GET', `/v1/contacts/${encodeURIComponent(contact.id)}/conversations`);
    if (state.current?.conversation.id !== id) return;
    earlier = page.items.filter((c) => c.id !== id);
    draw.details();
  });
}

const line = (name, ...value) => h('div', { class: 'field' }, h('span', null, name), ...value);

function sections() {
  const w = state.words, { conversation: c, contact } = state.current;
  const assign = (id) => act(id ? 'assign' : 'unassign', id ? { agent: id } : {});
  const works = alive(state.agents).filter((a) => a.role !== 'viewer');
  return [
    h('button', { class: 'fold', 'aria-label': w.close, onclick: () => $('#place').classList.add('no-details') }, icon('close')),
    h('section', null,
      line(w.assignee, h('select', { 'aria-label': w.assignee, value: c.assignee ?? '', disabled: !may('assign'), onchange: async (e) => { e.target.blur(); await assign(e.target.value); draw.details(); } },
        h('option', { value: '', disabled: Boolean(c.assignee) && !may('unassign') }, w.nobody), works.map((a) => h('option', { value: a.id }, a.name)))),
      c.waits_for && line(w.waitsFor, nameOf(state.agents, c.waits_for)), line(w.department, nameOf(state.departments, c.department)),
      line(w.priority, h('select', { 'aria-label': w.priority, value: c.priority, disabled: !may('priority'), onchange: (e) => { e.target.blur(); act('priority', { priority: e.target.value }); } },
        Object.entries(w.priorities).map(([value, text]) => h('option', { value }, text)))),
      h('fieldset', null, h('legend', null, w.labels), h('div', { class: 'row' }, alive(state.labels).map((l) => h('label', { class: 'check' },
        h('input', { type: 'checkbox', checked: c.labels.includes(l.id), disabled: !may('label'), onchange: (e) => {
          const labels = e.target.checked ? [...c.labels, l.id] : c.labels.filter((x) => x !== l.id);
          e.target.blur();
          act('labels', { labels });
        } }), h('span', null, l.name)))))),
    h('section', null, h('h2', null, w.ticket), ...ticketParts(c)),
    h('section', null, h('h2', null, w.contact),
      line(w.name, contact.name || '—', contact.email && ` · ${contact.email}`), contact.phone && line(w.phone, contact.phone), contact.language && line(w.contactLanguage, contact.language), contact.page && line(w.page, contact.page),
      h('p', { class: 'small' }, contact.identities.map((i) => `${nameOf(state.inboxes, i.inbox)}: ${i.address}`).join(' · ')),
      h('div', { class: 'row' }, state.me.agent.role !== 'viewer' && h('button', { onclick: () => contactDialog(contact, () => open(c.id, true)) }, w.edit),
        h('a', { class: 'button', href: `#/contacts/${encodeURIComponent(contact.id)}`, target: '_blank', rel: 'noopener' }, w.record))),
    h('section', null, h('h2', null, w.earlier), earlier.length ? h('ul', { class: 'stack' }, earlier.map((e) => h('li', null, h('a', { href: `#/c/${encodeURIComponent(e.id)}` }, `${e.number} · ${w[e.status]}`),
      h('div', { class: 'small' }, e.preview?.text ?? '', ' · ', moment(e.created_at, w.language)), e.note?.category && h('div', { class: 'small' }, `${e.note.category}: ${e.note.summary ?? ''}`)))) : h('p', { class: 'muted' }, w.none)),
    c.note && h('section', null, h('h2', null, w.summary.split(' ')[0]), h('p', null, [c.note.category, c.note.summary].filter(Boolean).join(': ')), c.closed_at && h('small', null, clock(c.closed_at, w.language))),
  ];
}

function ticketParts(c) {
  const w = state.words;
  if (c.ticket) {
    return [h('div', { class: 'row' }, h('a', { href: `#/tickets/${c.ticket}` }, `${w.ticket} ${c.ticket}`),
      may('ticket') && h('button', { class: 'link', onclick: () => act('ticket', undefined, 'DELETE') }, w.unlink))];
  }
  return [h('p', { class: 'muted' }, w.noneLinked), may('ticket') && h('div', { class: 'row' },
    h('button', { onclick: () => {
      const subject = h('input', { required: true, maxlength: '200', 'aria-label': w.subject }), id = newID();
      ask(w.newTicket, h('label', null, h('span', null, w.subject), subject), w.save, () => act('ticket', { new_ticket: { client_id: id, subject: subject.value } }));
    } }, w.newTicket),
    h('button', { onclick: () => {
      const number = h('input', { type: 'number', min: '1', required: true, 'aria-label': w.number });
      ask(w.existing, h('label', null, h('span', null, w.number), number), w.link, () => act('ticket', { number: Number(number.value) }));
    } }, w.existing))];
}

/** Edits a contact. */
export function contactDialog(contact, done) {
  const w = state.words;
  const fields = { name: w.name, email: w.email, phone: w.phone, language: w.contactLanguage };
  const inputs = Object.fromEntries(Object.keys(fields).map((name) => [name, h('input', { value: contact[name] ?? '', type: name === 'email' ? 'email' : 'text' })]));
  ask(w.contact, Object.entries(fields).map(([name, text]) => h('label', null, h('span', null, text), inputs[name])), w.save, () => attempt(async () => {
    await call('PATCH', `/v1/contacts/${encodeURIComponent(contact.id)}`, Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()])));
    toast(w.saved);
    await done();
  }));
}

