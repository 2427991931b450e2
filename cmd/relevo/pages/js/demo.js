// The customers' chat, plain: one visitor, known again by a secret that this browser keeps.
import { client, Refusal, upload } from './api.js';
import { $, clock, content, fill, h, moment, newID, toast } from './dom.js';
import { icon } from './icon.js';
import { liveLine } from './live.js';
import { outbox } from './outbox.js';
import { chatWords } from './chat-words.js';

const key = new URLSearchParams(location.search).get('inbox') ?? 'web';
const kept = `relevo.visitor.${key}`;
const chat = $('#chat'), launcher = $('#launcher');
let session, renewing, line, words = chatWords('es');
let thread = null, conversation = null, more = false, earlier = [], contact = {}, files = [], typingName = '', progress = '', shown = null;

async function start() {
  const secret = localStorage.getItem(kept) ?? undefined;
  const answer = await fetch('/widget/v1/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ inbox: key, ...(secret && { secret }) }) }).catch(() => { throw new Refusal(0); });
  const said = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, said.error);
  if (said.secret) localStorage.setItem(kept, said.secret);
  session = { ...said, ends: new Date(said.expires_at).getTime() };
  words = chatWords(said.inbox.language);
}

const call = client(async (renew) => {
  if (!session || renew || session.ends < Date.now() + 30_000) {
    renewing ??= start().finally(() => { renewing = undefined; });
    await renewing;
  }
  return session.token;
});

const box = outbox(`${kept}.outbox`, async (body) => { put(await call('POST', '/widget/v1/messages', body), true); }, () => draw());

launcher.addEventListener('click', () => (chat.hidden ? open() : close()));
chat.addEventListener('keydown', (e) => { if (e.key === 'Escape') close(); });

function close() {
  chat.hidden = true;
  launcher.ariaExpanded = 'false';
  launcher.focus();
}

async function open() {
  chat.hidden = false;
  launcher.ariaExpanded = 'true';
  if (thread) { draw(); focus(); return seen(); }
  fill(chat, h('p', { class: 'empty' }, '…'));
  try {
    await read();
  } catch (fault) {
    fill(chat, h('header', null, h('h2', null, 'Chat'), h('button', { 'aria-label': words.close, onclick: close }, icon('close'))), h('p', { class: 'empty', role: 'alert' }, fault.message), h('p', { class: 'empty' }, h('button', { onclick: open }, words.again)));
    return;
  }
  line = liveLine({ ticket: async () => (await call('POST', '/widget/v1/live/ticket')).ticket, opened: async () => { await read(true); box.flush(); }, frame: hear, state: () => draw() });
  call('PATCH', '/widget/v1/contact', { page: location.href }).catch(() => {});
  box.flush();
  focus();
}

const focus = () => chat.querySelector('textarea, input')?.focus();

const reading = new Set(); // for each reading under way, what arrived since it began

/** Reads what is shown: who I am, my conversations, the newest thread. What arrives meanwhile is put on top. */
async function read(fresh = false) {
  const meanwhile = [];
  reading.add(meanwhile);
  try {
    await readAll(fresh);
  } finally {
    reading.delete(meanwhile);
  }
  for (const m of meanwhile) put(m);
  draw();
  seen();
  down();
}

async function readAll(fresh) {
  const [me, talks, page] = await Promise.all([call('GET', '/widget/v1/contact'), call('GET', '/widget/v1/conversations'), call('GET', `/widget/v1/messages?fresh=${fresh}`)]);
  contact = me;
  thread = page.messages;
  more = page.more;
  conversation = page.conversation ?? talks.items[0] ?? null;
  if (!page.conversation && conversation) {
    const last = await call('GET', `/widget/v1/messages?conversation=${encodeURIComponent(conversation.id)}`);
    thread = last.messages;
    more = last.more;
  }
  earlier = talks.items.filter((c) => c.id !== conversation?.id);
}

/** Puts a message in its place. An echo of what we sent is older than what is there. */
function put(m, echo = false) {
  for (const meanwhile of reading) meanwhile.push(m);
  if (m.client_id) box.drop(m.client_id);
  if (!thread) return; // nothing is shown yet; opening the chat reads it
  if (m.conversation !== conversation?.id) { // a new one began
    if (conversation) earlier.unshift(conversation);
    conversation = { id: m.conversation, status: 'open', created_at: m.at };
    thread = [];
    progress = '';
  }
  const at = thread.findIndex((x) => x.id >= m.id);
  if (at < 0) thread.push(m);
  else if (thread[at].id === m.id) thread[at] = echo ? thread[at] : m;
  else thread.splice(at, 0, m);
  if (m.author.kind !== 'customer') typingName = '';
  draw();
  down();
  if (m.author.kind !== 'customer') seen();
}

function hear(f) {
  if (f.data && 'fetch' in f.data) return read(true);
  if (f.type.startsWith('message.') && (f.type === 'message.created' || f.data.message.conversation === conversation?.id)) put(f.data.message);
  if (f.data.conversation && f.data.conversation.id === conversation?.id) conversation = f.data.conversation;
  if (f.type === 'conversation.updated' && conversation?.status === 'resolved') call('GET', '/widget/v1/contact').then((me) => { contact = me; draw(); }, () => {});
  if (f.type === 'conversation.updated' && f.data.conversation.id !== conversation?.id) return read(true);
  if (f.type === 'typing') {
    typingName = f.data.on ? f.data.by.name || words.team : '';
    clearTimeout(hear.timer);
    hear.timer = setTimeout(() => { typingName = ''; draw(); }, 8000);
  }
  if (f.type === 'read' && f.conversation === conversation?.id) Object.assign(conversation, f.data);
  if (f.type === 'transcript') progress = f.data.state;
  draw();
}

/** Tells the desk that the newest answer was read. */
function seen() {
  const last = thread?.findLast((m) => m.author.kind !== 'customer');
  const unread = thread?.filter((m) => m.author.kind !== 'customer' && m.id > (conversation?.customer_read ?? '')).length ?? 0;
  const badge = launcher.querySelector('.count');
  badge.hidden = !chat.hidden || unread === 0;
  badge.textContent = unread;
  if (!last || chat.hidden || document.hidden || (conversation.customer_read ?? '') >= last.id) return;
  conversation.customer_read = last.id;
  call('POST', '/widget/v1/read', { conversation: conversation.id, up_to: last.id }).catch(() => {});
}
addEventListener('visibilitychange', seen);

const down = () => { const flow = chat.querySelector('.flow'); if (flow) flow.scrollTop = flow.scrollHeight; };

// The parts of the chat stay where they are, so that a redraw takes nobody's cursor away.
const head = h('header'), body = h('div', { class: 'body' }), foot = h('div');
let writer, asking, footKey = '';

function draw() {
  if (chat.hidden || !thread || !session) return;
  const w = words;
  writer ??= composer();
  if (!chat.contains(writer)) fill(chat, head, body, foot, writer);
  const form = session.inbox.pre_chat_form && !contact.email && !conversation && !box.items().length;
  writer.hidden = form || Boolean(shown);
  foot.hidden = writer.hidden || conversation?.status !== 'resolved';
  if (shown) return drawEarlier();
  fill(head, h('h2', null, session.inbox.name), earlier.length > 0 && h('button', { onclick: () => { shown = { list: true }; draw(); } }, w.earlier), h('button', { 'aria-label': w.close, onclick: close }, icon('close')));
  if (form) {
    asking ??= preChat();
    if (body.firstChild !== asking) fill(body, asking);
    return;
  }
  fill(body, flow(), h('div', { class: 'typing', role: 'status' }, typingName && w.typing(typingName)));
  const key = `${conversation?.id} ${progress} ${contact.email}`;
  if (!foot.hidden && key !== footKey) fill(foot, closed());
  footKey = key;
}

function flow() {
  const w = words;
  const was = chat.querySelector('.flow');
  const kept = was && was.scrollHeight - was.scrollTop - was.clientHeight > 120 ? was.scrollTop : undefined;
  const el = h('div', { class: 'flow', role: 'log', 'aria-live': 'polite', tabindex: '0' },
    more && h('p', { class: 'between' }, h('button', { onclick: older }, w.older)),
    thread.length + box.items().length === 0 && h('p', { class: 'between' }, w.hello),
    thread.map(bubble), box.items().map(waiting));
  requestAnimationFrame(() => { el.scrollTop = kept ?? el.scrollHeight; });
  return el;
}

function bubble(m) {
  const mine = m.author.kind === 'customer';
  const read = mine && (conversation?.read_to ?? '') >= m.id;
  return h('div', { class: `said${mine ? ' mine' : ''}` }, h('div', { class: 'bubble' }, content(m, words)),
    h('small', null, !mine && m.author.name ? `${m.author.name} · ` : '', clock(m.at, words.language), m.edited_at && ` · ${words.edited}`, mine && (read ? ` · ${words.read}` : ` · ${words.sent}`)));
}

function waiting(m) {
  const w = words, id = m.body.client_id;
  return h('div', { class: 'said mine' }, h('div', { class: 'bubble' }, m.body.text || icon('attach')), h('small', { class: m.fault && 'late' }, m.fault ? [icon('warn'), ` ${m.fault} `, h('button', { class: 'link', onclick: () => box.again(id) }, w.again), ' ', h('button', { class: 'link', onclick: () => box.drop(id) }, w.discard)] : [icon('wait'), ` ${w.waiting}`]));
}

async function older() {
  const page = await call('GET', `/widget/v1/messages?conversation=${encodeURIComponent(conversation.id)}&before=${encodeURIComponent(thread[0].id)}`);
  thread.unshift(...page.messages);
  more = page.more;
  draw();
}

function preChat() {
  const w = words;
  const name = h('input', { required: true, maxlength: '100', autocomplete: 'name' }), email = h('input', { type: 'email', required: true, autocomplete: 'email' });
  const fault = h('p', { class: 'late', role: 'alert' });
  return h('form', { class: 'stack', onsubmit: async (e) => {
    e.preventDefault();
    try {
      contact = await call('PATCH', '/widget/v1/contact', { name: name.value, email: email.value });
      draw();
      focus();
    } catch (refusal) {
      fault.textContent = refusal.message;
    }
  } }, h('p', null, w.before), h('label', null, h('span', null, w.name), name), h('label', null, h('span', null, w.email), email), fault, h('button', { class: 'primary' }, w.begin));
}

function closed() {
  const w = words;
  const email = h('input', { type: 'email', 'aria-label': w.email, placeholder: w.email, required: true });
  const request = async (e) => {
    e.preventDefault();
    progress = 'sending';
    const body = { conversation: conversation.id, client_id: newID(), ...(contact.email ? {} : { email: email.value }) };
    draw();
    await call('POST', '/widget/v1/transcript', body).catch((refusal) => { progress = ''; toast(refusal.message, true); });
    draw();
  };
  return h('div', { class: 'closed' }, h('p', { class: 'small' }, w.resolved), progress ? h('p', { role: 'status' }, w.transcript[progress])
    : h('form', { class: 'row', onsubmit: request }, !contact.email && email, h('button', null, w.request)));
}

function composer() {
  const w = words;
  const text = h('textarea', { rows: '1', 'aria-label': w.write, placeholder: w.write });
  const picker = h('input', { type: 'file', multiple: true, hidden: true });
  const list = h('div', { class: 'small' });
  const drawFiles = () => fill(list, files.map((f) => h('span', { class: 'chip' }, icon('attach'), ` ${f.name} ${f.ref ? '' : `${Math.round(100 * f.share)} %`} `, h('button', { type: 'button', class: 'link', 'aria-label': w.discard, onclick: () => { files = files.filter((x) => x !== f); drawFiles(); } }, icon('close')))));
  picker.addEventListener('change', () => {
    for (const f of picker.files) {
      const entry = { name: f.name, share: 0 };
      files.push(entry);
      upload(call, '/widget/v1/uploads', f, (share) => { entry.share = share; drawFiles(); }).then((ref) => { entry.ref = ref; drawFiles(); }, (refusal) => { files = files.filter((x) => x !== entry); drawFiles(); toast(refusal.message, true); });
    }
    picker.value = '';
    drawFiles();
  });
  const send = (e) => {
    e?.preventDefault();
    const words = text.value.trim(), ready = files.filter((f) => f.ref);
    if ((!words && !ready.length) || ready.length < files.length) return;
    files = [];
    text.value = '';
    drawFiles();
    line?.send({ type: 'typing', on: false });
    told = 0;
    box.add({ client_id: newID(), ...(words && { text: words }), ...(ready.length && { attachments: ready.map((f) => f.ref) }) });
    down();
    text.focus();
  };
  let told = 0;
  text.addEventListener('input', () => {
    if (Date.now() - told > 3000 && text.value) { told = Date.now(); line?.send({ type: 'typing', on: true }); }
  });
  text.addEventListener('keydown', (e) => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) send(e); });
  return h('form', { onsubmit: send }, h('button', { type: 'button', class: 'plain', 'aria-label': w.attach, onclick: () => picker.click() }, icon('attach')), picker, h('div', { class: 'grow' }, list, text), h('button', { class: 'primary', 'aria-label': w.send }, icon('send')));
}

/** Earlier conversations: the list, then one of them to read. */
async function drawEarlier() {
  const w = words;
  const back = () => { shown = shown.id ? { list: true } : null; draw(); };
  if (shown.id && !shown.messages) shown.messages = (await call('GET', `/widget/v1/messages?conversation=${encodeURIComponent(shown.id)}`)).messages;
  fill(head, h('button', { 'aria-label': w.back, onclick: back }, icon('back')), h('h2', null, w.earlier), h('button', { 'aria-label': w.close, onclick: close }, icon('close')));
  fill(body, shown.list ? h('div', { class: 'flow' }, earlier.map((c) => h('button', { onclick: () => { shown = { id: c.id }; draw(); } }, `${moment(c.created_at, w.language)} · ${c.preview?.text ?? ''}`)))
    : h('div', { class: 'flow', tabindex: '0' }, shown.messages.map(bubble)));
}

if (localStorage.getItem(kept) && JSON.parse(localStorage.getItem(`${kept}.outbox`) ?? '[]').length) box.flush();
