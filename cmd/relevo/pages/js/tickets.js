// Tickets: the list by status, and one ticket with its proceedings.
import { fill, h, moment, newID, toast } from './dom.js';
import { alive, attempt, call, nameOf, state } from './state.js';

let status = 'new';

/** The page of the list. */
export async function ticketsPage() {
  const w = state.words;
  const rows = h('tbody'), more = h('p', { class: 'empty' });
  const read = async (cursor) => {
    const page = await call('GET', `/v1/tickets?status=${status}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    const made = page.items.map((t) => h('tr', null, h('td', null, h('a', { href: `#/tickets/${t.number}` }, t.number)), h('td', null, t.subject), h('td', null, nameOf(state.agents, t.responsible) || w.nobody), h('td', null, moment(t.updated_at, w.language))));
    if (cursor) rows.append(...made);
    else fill(rows, made);
    fill(more, page.cursor ? h('button', { onclick: () => attempt(() => read(page.cursor)) }, w.more) : rows.children.length === 0 && w.noTickets);
  };
  await read();
  return h('div', { class: 'stack' }, h('h1', null, w.tickets),
    h('select', { 'aria-label': w.status, value: status, onchange: (e) => { status = e.target.value; attempt(read); } }, Object.entries(w.ticketStates).map(([value, text]) => h('option', { value }, text))),
    h('div', { class: 'wide' }, h('table', null, h('thead', null, h('tr', null, [w.number, w.subject, w.responsible, ''].map((x) => h('th', null, x)))), rows)), more);
}

/** The page of one ticket: its classifications, then its proceedings. */
export async function ticketPage(number) {
  const page = h('div', { class: 'stack' });
  const show = async () => {
    const { ticket, actions } = await call('GET', `/v1/tickets/${encodeURIComponent(number)}`);
    const requester = await call('GET', `/v1/contacts/${encodeURIComponent(ticket.requester)}`).catch(() => null);
    fill(page, parts(ticket, actions, requester, show));
  };
  await show();
  return page;
}

function parts(t, actions, requester, show) {
  const w = state.words, reads = state.me.agent.role === 'viewer';
  const subject = h('input', { value: t.subject, maxlength: '200', disabled: reads }), choice = h('select', { value: t.status, disabled: reads }, Object.entries(w.ticketStates).map(([value, text]) => h('option', { value }, text)));
  const responsible = h('select', { value: t.responsible ?? '', disabled: reads }, h('option', { value: '' }, w.nobody), alive(state.agents).filter((a) => a.role !== 'viewer').map((a) => h('option', { value: a.id }, a.name)));
  const field = (name, input) => h('label', null, h('span', null, name), input);
  const save = (e) => {
    e.preventDefault();
    attempt(async () => {
      await call('PATCH', `/v1/tickets/${t.number}`, { version: t.version, subject: subject.value, status: choice.value, responsible: responsible.value });
      toast(w.saved);
      await show();
    });
  };
  const text = h('textarea', { rows: '3', required: true, maxlength: '20000', 'aria-label': w.addAction }), open = h('input', { type: 'checkbox' });
  const add = (e) => {
    e.preventDefault();
    attempt(async () => { await call('POST', `/v1/tickets/${t.number}/actions`, { client_id: newID(), text: text.value, public: open.checked }); await show(); });
  };
  return [
    h('h1', null, `${w.ticket} ${t.number}`),
    h('form', { class: 'stack', onsubmit: save }, field(w.subject, subject), field(w.status, choice), field(w.responsible, responsible),
      h('div', { class: 'field' }, h('span', null, w.requester), h('a', { href: `#/contacts/${encodeURIComponent(t.requester)}` }, requester?.name || requester?.email || t.requester)),
      h('div', { class: 'field' }, h('span', null, w.conversations), t.conversations.map((id, i) => [i > 0 && ', ', h('a', { href: `#/c/${encodeURIComponent(id)}` }, `${w.conversation} ${i + 1}`)])),
      !reads && h('div', null, h('button', { class: 'primary' }, w.save))),
    h('h2', null, w.actions),
    h('ul', { class: 'stack' }, actions.map((a) => h('li', { class: a.public ? 'bubble' : 'said inner' }, h('small', null, `${a.author.name ?? 'Relevo'} · ${moment(a.at, w.language)} · ${a.public ? w.isPublic : w.internal}`),
      a.kind === 'history' || a.kind === 'linked' ? h('a', { href: `#/c/${encodeURIComponent(a.conversation)}` }, a.text || (a.kind === 'history' ? w.history : w.conversation)) : h('div', { class: 'bubble' }, a.text)))),
    !reads && h('form', { class: 'stack', onsubmit: add }, text, h('div', { class: 'row' }, h('label', { class: 'check' }, h('span', null, w.isPublic), open), h('button', null, w.addAction))),
  ];
}
