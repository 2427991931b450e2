// A customer's WhatsApp phone. Its API is described in cmd/relevo/phone.go.
import { $, clock, fill, h, newID, toast } from './dom.js';
import { icon } from './icon.js';

const flow = $('#flow');
let revision = -1, shownPeer = '', replyTo = '', target = null;

const peer = () => $('#from').value.trim() || $('#user').value.trim();

async function api(method, path, body) {
  const answer = await fetch(path, { method, headers: body && { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  const said = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(said.error?.message ?? answer.statusText);
  return said;
}

const attempt = (work) => work.catch((fault) => toast(fault.message, true)).finally(look);

function send(act) {
  const body = { from: $('#from').value.trim(), user_id: $('#user').value.trim(), name: $('#name').value.trim(), ...(replyTo && { reply_to: replyTo }), ...act };
  replyTo = '';
  return attempt(api('POST', '/phone/send', body).then((said) => { if (said.status !== 200) toast(`The webhook answered ${said.status}`, true); }));
}

async function look() {
  const { revision: now, items, mode } = await api('GET', `/phone/messages?peer=${encodeURIComponent(peer())}`).catch(() => ({}));
  if (now === undefined || (now === revision && peer() === shownPeer)) return;
  revision = now;
  shownPeer = peer();
  $('#title').textContent = `${$('#name').value} · ${shownPeer}`;
  if (document.activeElement !== $('#mode')) $('#mode').value = mode.send;
  $('#statuses').value = mode.statuses;
  fill(flow, items.length ? items.map(message) : h('p', { class: 'empty' }, 'Nothing yet. Write to the shop.'));
  flow.scrollTop = flow.scrollHeight;
  if (!$('#reads').checked || document.hidden) return;
  for (const m of items) if (m.out && m.status === 'delivered') report(m, 'read');
}

const report = (m, status) => attempt(api('POST', '/phone/status', { id: m.id, status }));

function message(m) {
  const button = (text, run) => h('button', { class: 'plain', onclick: run }, text);
  const acts = m.out
    ? [['sent', 'delivered', 'read', 'failed'].map((s) => button(s, () => report(m, s))), button('👍', () => send({ type: 'reaction', target: m.id, text: '👍' })), button('reply', () => { replyTo = m.id; $('#write').elements.text.focus(); })]
    : [m.type === 'text' && button('edit', () => { target = m; const box = $('#write').elements.text; box.value = m.text; box.focus(); }), m.type !== 'revoked' && button('delete', () => send({ type: 'revoke', target: m.id }))];
  return h('div', { class: `said${m.out ? '' : ' mine'}` }, m.reply_to && m.type !== 'reaction' && h('small', null, icon('reply'), ' an earlier message'),
    h('div', { class: 'bubble' }, m.type !== 'text' && h('span', { class: 'chip' }, m.type), ' ', m.link ? h('a', { href: m.link, target: '_blank', rel: 'noopener' }, m.text || 'file') : m.text),
    h('small', null, clock(m.at), m.status && ` · ${m.status}`), h('div', { class: 'row' }, acts));
}

$('#write').addEventListener('submit', (e) => {
  e.preventDefault();
  const box = e.target.elements.text, text = box.value.trim();
  if (!text) return;
  box.value = '';
  send(target ? { type: 'edit', target: target.id, text, id: newID() } : { text });
  target = null;
});
$('#file').addEventListener('click', () => $('#picker').click());
$('#picker').addEventListener('change', async (e) => {
  const [f] = e.target.files;
  const data = await new Promise((done) => { const r = new FileReader(); r.onload = () => done(r.result.split(',')[1]); r.readAsDataURL(f); });
  const type = f.type || 'application/octet-stream', kind = type.split('/')[0];
  send({ type: ['image', 'video', 'audio'].includes(kind) ? kind : 'document', text: '', media: { name: f.name, type, data } });
  e.target.value = '';
});
$('#location').addEventListener('click', () => send({ type: 'location', latitude: 4.6533, longitude: -74.0836, text: 'Bogotá' }));
$('#unsupported').addEventListener('click', () => send({ type: 'unsupported' }));
$('#mode').addEventListener('change', (e) => attempt(api('POST', '/phone/mode', { send: e.target.value })));
$('#statuses').addEventListener('change', (e) => attempt(api('POST', '/phone/mode', { statuses: e.target.value })));
for (const id of ['#name', '#from', '#user']) $(id).addEventListener('input', () => { shownPeer = ''; look(); });

$('#file').append(icon('attach'));
$('#location').append(icon('pin'));
look();
setInterval(() => { if (!document.hidden) look(); }, 1000);
