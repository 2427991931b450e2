// Every mail that the desk sent. The HTML of a mail shows in a sandbox only.
import { $, fill, h, moment } from './dom.js';

const box = $('#mails');
let known = '';

async function look() {
  try {
    const { items } = await (await fetch('/mailbox', { headers: { Accept: 'application/json' } })).json();
    const now = items.map((m) => m.message_id + m.date).join();
    box.ariaBusy = 'false';
    if (now !== known || !items.length) fill(box, items.length ? items.map(mail) : h('p', { class: 'empty' }, 'No mail yet. Send a transcript, and it lands here.'));
    known = now;
  } catch {
    if (!known) fill(box, h('p', { class: 'empty' }, 'The desk does not answer; trying again.'));
  }
}

function mail(m, i) {
  const frame = h('div');
  const show = () => fill(frame, frame.childElementCount ? null : h('iframe', { sandbox: '', title: m.subject, src: `/mailbox/${encodeURIComponent(m.message_id.replace(/[<>]/g, ''))}` }));
  return h('details', { class: 'mail', open: i === 0 }, h('summary', null, h('b', null, m.subject), h('small', null, `${m.from_name ?? ''} <${m.from}> → ${m.to} · ${moment(m.date)}`)),
    h('pre', null, m.text), m.html && h('div', { class: 'row' }, h('button', { onclick: show }, 'As HTML')), frame);
}

look();
setInterval(() => { if (!document.hidden) look(); }, 2000);
