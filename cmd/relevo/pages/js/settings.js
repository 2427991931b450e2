// What is set in the account, to read; and the record of a contact.
import { fill, h, moment } from './dom.js';
import { alive, call, nameOf, readSettings, state } from './state.js';
import { contactDialog } from './details.js';

/** The page of what is set. */
export async function settingsPage() {
  const w = state.words;
  await readSettings();
  const table = (title, heads, rows) => [h('h2', null, title), h('div', { class: 'wide' }, h('table', null, h('thead', null, h('tr', null, heads.map((x) => h('th', null, x)))), h('tbody', null, rows.map((row) => h('tr', null, row.map((x) => h('td', null, x)))))))];
  return h('div', { class: 'stack' }, h('h1', null, `${w.settings} · ${state.me.account.name}`), h('p', { class: 'muted' }, `${w.readOnly} · ${state.me.account.time_zone}`),
    table(w.agents, [w.name, '', w.department, w.presence, w.load], alive(state.agents).map((a) => [`${a.name} (${a.email})`, w.roles[a.role], a.departments.map((d) => nameOf(state.departments, d)).join(', '), w[a.seat?.presence ?? 'disconnected'], `${a.seat?.load ?? 0}/${a.capacity}`])),
    table(w.departments, [w.name, w.agents], alive(state.departments).map((d) => [d.name, d.agents])),
    table(w.inboxes, [w.name, '', w.department, w.ticket, ''], alive(state.inboxes).map((i) => [i.name, i.channel, nameOf(state.departments, i.department), w.policies[i.ticket_policy], i.auto_distribution ? w.distribution : ''])),
    table(w.labels, [w.name], alive(state.labels).map((l) => [l.name])),
    table(w.canned, ['/', ''], state.canned.map((c) => [`/${c.short}`, c.text])));
}

/** The page of a contact's record. */
export async function contactPage(id) {
  const w = state.words, page = h('div', { class: 'stack' });
  const at = `/v1/contacts/${encodeURIComponent(id)}`;
  const show = async () => {
    const [contact, talks, tickets] = await Promise.all([call('GET', at), call('GET', `${at}/conversations`), call('GET', `${at}/tickets`)]);
    fill(page, h('h1', null, contact.name || contact.email || w.contact),
      [[w.email, contact.email], [w.phone, contact.phone], [w.contactLanguage, contact.language], [w.page, contact.page]].filter(([, x]) => x).map(([name, x]) => h('div', { class: 'field' }, h('span', null, name), x)),
      h('p', { class: 'small' }, contact.identities.map((i) => `${nameOf(state.inboxes, i.inbox)}: ${i.address}`).join(' · ')),
      state.me.agent.role !== 'viewer' && h('div', null, h('button', { onclick: () => contactDialog(contact, show) }, w.edit)),
      h('h2', null, w.conversations), h('ul', { class: 'stack' }, talks.items.map((c) => h('li', null, h('a', { href: `#/c/${encodeURIComponent(c.id)}` }, `${c.number} · ${w[c.status]}`), ' ', h('small', null, moment(c.created_at, w.language), ' · ', c.preview?.text ?? '')))),
      h('h2', null, w.tickets), h('ul', { class: 'stack' }, tickets.items.map((t) => h('li', null, h('a', { href: `#/tickets/${t.number}` }, `${t.number} · ${t.subject}`), ' ', h('small', null, w.ticketStates[t.status])))));
  };
  await show();
  return page;
}
