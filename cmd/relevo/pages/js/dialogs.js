// The dialogs of the acts: transfer, snooze, transcript, close.
import { fill, h, newID, toast } from './dom.js';
import { alive, attempt, byID, call, nameOf, readSettings, state } from './state.js';
import { act, open } from './thread.js';

/** Shows a dialog with a form. run() gives false to keep it open. */
export function ask(title, parts, button, run, look = 'primary') {
  const w = state.words;
  const go = h('button', { class: look }, button);
  const form = h('form', { onsubmit: async (e) => {
    e.preventDefault();
    go.disabled = true;
    const fine = await run();
    go.disabled = false;
    if (fine !== false) dialog.close();
  } }, h('h2', null, title), parts, h('div', { class: 'ends' }, h('button', { type: 'button', onclick: () => dialog.close() }, w.cancel), go));
  const dialog = h('dialog', { 'aria-label': title, onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, go };
}

const field = (label, input) => h('label', null, h('span', null, label), input);

/** Transfer: departments with their number of agents, agents with presence and load, those available first. */
export async function transferDialog() {
  const w = state.words;
  if (!(await attempt(() => readSettings('agents', 'departments')))) return;
  let tab = 'departments', chosen = null;
  const tabs = h('div', { class: 'row', role: 'tablist' }), search = h('input', { type: 'search', 'aria-label': w.search, placeholder: w.search, oninput: () => show() });
  const choices = h('div', { class: 'choices', role: 'radiogroup' }), reason = h('textarea', { rows: '2', maxlength: '500' }), hint = h('p', { class: 'late', role: 'status' });
  const rank = (a) => [a.seat?.available, a.seat?.presence === 'connected', a.seat?.presence !== 'disconnected'].map((x) => (x ? 0 : 1)).join('') + a.name;
  const option = (kind, id, look, warning) => h('label', null, ...look, h('input', { type: 'radio', name: 'to', onchange: () => { chosen = { [kind]: id }; hint.textContent = warning ?? ''; go.disabled = false; } }));
  const show = () => {
    const fits = (x) => x.name.toLowerCase().includes(search.value.toLowerCase());
    fill(tabs, ['departments', 'agents'].map((t) => h('button', { type: 'button', role: 'tab', 'aria-selected': String(tab === t), class: tab === t ? 'primary' : undefined, onclick: () => { tab = t; chosen = null; go.disabled = true; hint.textContent = ''; show(); } }, w[t])));
    fill(choices, tab === 'departments'
      ? alive(state.departments).filter(fits).map((d) => option('department', d.id, [h('span', { class: 'grow' }, h('b', null, d.name), h('br'), h('small', null, w.agentsIn(d.agents)))]))
      : alive(state.agents).filter((a) => fits(a) && a.role !== 'viewer' && a.id !== state.current.conversation.assignee).sort((a, b) => rank(a).localeCompare(rank(b))).map((a) => option('agent', a.id,
        [h('span', { class: `dot ${a.seat?.presence}` }), h('span', { class: 'grow' }, h('b', null, a.name), h('br'), h('small', null, w[a.seat?.presence ?? 'disconnected'])), h('span', null, `${a.seat?.load ?? 0}/${a.capacity}`)], a.seat?.available ? '' : w.willWait)));
  };
  const { go } = ask(w.transfer, [tabs, search, choices, hint, field(w.reason, reason)], w.transfer, async () => {
    const fine = await act('transfer', { ...chosen, ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) });
    if (fine) toast(w.transferred);
    return fine;
  });
  go.disabled = true;
  show();
  search.focus();
}

/** Snooze: until the next reply, tomorrow, next week, or any instant. */
export function snoozeDialog() {
  const w = state.words;
  const at = h('input', { type: 'datetime-local', 'aria-label': w.pickTime }), seconds = h('input', { type: 'number', min: '1', max: '86400', value: '10', 'aria-label': w.seconds });
  const option = (value, text, extra) => h('label', { class: 'check' }, h('input', { type: 'radio', name: 'until', value, required: true, checked: value === 'next_reply' }), h('span', { class: 'grow' }, text, extra));
  const { dialog } = ask(w.snooze, h('fieldset', null, option('next_reply', w.nextReply), option('tomorrow', w.tomorrow), option('next_week', w.nextWeek), option('at', w.pickTime, at), option('seconds', w.seconds, seconds)), w.snooze, () => {
    const until = dialog.querySelector('input[name=until]:checked').value;
    if (until === 'at') return at.value ? act('snooze', { at: new Date(at.value).toISOString() }) : false;
    if (until === 'seconds') return act('snooze', { at: new Date(Date.now() + 1000 * seconds.value).toISOString() });
    return act('snooze', { until });
  });
  for (const input of [at, seconds]) input.addEventListener('focus', () => { input.closest('label').querySelector('[type=radio]').checked = true; });
}

/** Transcript: to the assignee, or to another address. */
export function transcriptDialog() {
  const w = state.words, c = state.current.conversation;
  const email = h('input', { type: 'email', 'aria-label': w.email, value: state.current.contact.email ?? '', placeholder: 'nombre@ejemplo.com' });
  const first = c.assignee ? 'assignee' : 'email';
  const option = (value, text, extra) => h('label', { class: 'check' }, h('input', { type: 'radio', name: 'to', value, checked: value === first, disabled: value === 'assignee' && !c.assignee }), h('span', { class: 'grow' }, text, extra));
  const id = newID();
  const { dialog } = ask(w.transcript, h('fieldset', null, option('assignee', `${w.toAssignee}${c.assignee ? `: ${nameOf(state.agents, c.assignee)}` : ''}`), option('email', w.toAddress, email)), w.send, () => attempt(async () => {
    const to = dialog.querySelector('input[name=to]:checked').value;
    await call('POST', `/v1/conversations/${encodeURIComponent(c.id)}/transcript`, { client_id: id, ...(to === 'assignee' ? { assignee: true } : { email: email.value }) });
    toast(w.transcriptSent);
  }));
  email.addEventListener('focus', () => { email.closest('label').querySelector('[type=radio]').checked = true; });
}

/** Close: with the ticket that the inbox may demand, and a note for managers. */
export function closeDialog() {
  const w = state.words, c = state.current.conversation;
  const required = byID(state.inboxes, c.inbox)?.ticket_policy === 'required';
  const subject = h('input', { maxlength: '200', 'aria-label': w.subject, placeholder: w.subject, value: state.current.messages.find((m) => m.author.kind === 'customer' && m.text)?.text.split('\n')[0].slice(0, 100) ?? '' });
  const number = h('input', { type: 'number', min: '1', 'aria-label': w.number, placeholder: w.number });
  const category = h('input', { maxlength: '100' }), summary = h('textarea', { rows: '2', maxlength: '2000' });
  const option = (value, text, extra, checked) => h('label', { class: 'check' }, h('input', { type: 'radio', name: 'ticket', value, checked }), h('span', { class: 'grow' }, text, extra));
  const id = newID();
  const { dialog } = ask(w.closeTitle, [
    c.ticket ? h('p', null, `✓ ${w.linked(c.ticket)}`) : [required && h('p', { class: 'late' }, w.ticketNeeded), h('fieldset', null, h('legend', null, w.ticket),
      option('new', w.newTicket, subject, required), option('existing', w.existing, number), !required && option('none', w.noTicket, null, true))],
    field(w.category, category), field(w.summary, summary),
  ], w.close, () => attempt(async () => {
    const body = {}, choice = dialog.querySelector('input[name=ticket]:checked')?.value;
    if (category.value.trim() || summary.value.trim()) body.note = { category: category.value.trim(), summary: summary.value.trim() };
    if (choice === 'new') body.new_ticket = { client_id: id, subject: subject.value.trim() };
    if (choice === 'existing') body.ticket = Number(number.value);
    const closed = await call('POST', `/v1/conversations/${encodeURIComponent(c.id)}/close`, body);
    if (closed.ticket) location.hash = `#/tickets/${closed.ticket.number}`; // so that the agent finishes there (B60)
    else await open(c.id, true);
  }), 'done');
  for (const input of [subject, number]) input.addEventListener('focus', () => { input.closest('label').querySelector('[type=radio]').checked = true; });
}
