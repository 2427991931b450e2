// Where an agent writes: a reply or a private note, with canned replies, mentions, files and templates.
import { boldHTML, fill, h, newID } from './dom.js';
import { icon } from './icon.js';
import { upload } from './api.js';
import { alive, attempt, call, draw, may, state } from './state.js';
import { place, scrollDown } from './thread.js';

const drafts = new Map(); // conversation and kind -> what was typed
const emojis = ['😀', '😊', '😉', '😍', '🤔', '😅', '😢', '😮', '👍', '👎', '👏', '🙏', '💪', '👋', '🤝', '✅', '❌', '⚠️', '❤️', '🎉', '🔥', '📦', '🚚', '⏰'];
const windowHours = 24;

/** Makes the composer of the conversation that is shown. */
export function composer() {
  const w = state.words, id = state.current.conversation.id;
  if (!may('reply') && !may('note')) return null;
  if (state.composing?.id !== id) state.composing = { id, kind: may('reply') ? 'message' : 'note', files: [], mentions: new Set() };
  const now = state.composing;
  if (now.kind === 'message' && !may('reply')) now.kind = 'note';
  const inner = now.kind === 'note';
  const box = h('div', { class: `composer${inner ? ' private' : ''}` });
  const text = h('textarea', { rows: '3', 'aria-label': inner ? w.note : w.reply, placeholder: inner ? w.writeNote : w.writeReply, value: drafts.get(id + now.kind) ?? '' });
  const suggestions = h('ul', { class: 'suggestions', role: 'listbox', hidden: true });
  const files = h('div', { class: 'files' });
  const picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => { attach([...picker.files]); picker.value = ''; } });
  const enter = h('input', { type: 'checkbox', onchange: () => localStorage.setItem('relevo.enter', enter.checked) });
  enter.checked = localStorage.getItem('relevo.enter') !== 'false';
  const closed = !inner && windowOver();
  const tab = (kind, name) => may(kind === 'note' ? 'note' : 'reply') && h('button', { role: 'tab', 'aria-selected': String(now.kind === kind), onclick: () => { now.kind = kind; draw.composer(); document.querySelector('.composer textarea')?.focus(); } }, name);

  const attach = (chosen) => {
    for (const f of chosen) {
      const entry = { name: f.name, share: 0 };
      now.files.push(entry);
      upload(call, '/v1/uploads', f, (share) => { entry.share = share; drawFiles(); }).then((ref) => { entry.ref = ref; drawFiles(); }, (refusal) => {
        now.files = now.files.filter((x) => x !== entry);
        drawFiles();
        attempt(() => Promise.reject(refusal));
      });
    }
    drawFiles();
  };
  const drawFiles = () => fill(files, now.files.map((f) => h('span', { class: 'chip' }, icon('attach'), ` ${f.name} ${f.ref ? '' : `${Math.round(100 * f.share)} %`} `,
    h('button', { class: 'link', 'aria-label': `${w.discard} ${f.name}`, onclick: () => { now.files = now.files.filter((x) => x !== f); drawFiles(); } }, icon('close')))));
  const post = () => {
    const typed = text.value.trim(), ready = now.files.filter((f) => f.ref);
    if ((!typed && !ready.length) || ready.length < now.files.length) return;
    const body = { client_id: newID(), kind: now.kind, text: typed };
    const html = boldHTML(typed);
    if (html) Object.assign(body, { html, text: undefined });
    if (ready.length) body.attachments = ready.map((f) => f.ref);
    if (state.replyTo && !inner) body.reply_to = state.replyTo.id;
    if (inner) {
      const meant = alive(state.agents).filter((a) => now.mentions.has(a.id) || new RegExp(`@${a.id}\\b`, 'i').test(typed)).filter((a) => typed.includes(`@${a.id}`) || typed.includes(`@${a.name}`));
      if (meant.length) body.mentions = meant.map((a) => a.id);
    }
    drafts.delete(id + now.kind);
    Object.assign(now, { files: [], mentions: new Set() });
    state.replyTo = null;
    send(id, body);
    typing(false);
    draw.composer();
    document.querySelector('.composer textarea')?.focus();
  };

  text.addEventListener('input', () => { drafts.set(id + now.kind, text.value); suggest(text, suggestions, now); if (!inner) typing(text.value !== ''); });
  text.addEventListener('keydown', (e) => {
    if (!suggestions.hidden && suggestionKey(e, suggestions)) return;
    const sends = e.key === 'Enter' && !e.isComposing && (enter.checked ? !e.shiftKey : e.ctrlKey || e.metaKey);
    if (sends) { e.preventDefault(); post(); }
    if (e.key === 'Escape') text.blur();
  });
  text.addEventListener('paste', (e) => { if (e.clipboardData.files.length) { e.preventDefault(); attach([...e.clipboardData.files]); } });
  fill(box,
    h('div', { class: 'tabs', role: 'tablist' }, tab('message', w.reply), tab('note', [icon('lock'), w.note])), suggestions,
    state.replyTo && !inner && h('div', { class: 'row files' }, h('span', { class: 'quote' }, state.replyTo.text || '…'), h('button', { class: 'link', onclick: () => { state.replyTo = null; draw.composer(); } }, icon('close'))),
    closed ? h('p', { class: 'closed' }, w.windowOver) : text, files, picker,
    h('div', { class: 'tools' },
      !closed && [h('button', { class: 'plain', 'aria-label': w.bold, onclick: () => bold(text) }, h('b', null, 'B')), emojiButton(text), h('button', { class: 'plain', 'aria-label': w.attach, onclick: () => picker.click() }, icon('attach'))],
      !inner && state.current.conversation.channel === 'whatsapp' && h('button', { onclick: templateDialog }, w.template), h('span', { class: 'grow' }),
      !closed && [h('label', { class: 'check' }, h('span', null, w.enterSends), enter), h('button', { class: inner ? 'note' : 'primary', onclick: post }, inner ? w.addNote : w.send)]));
  drawFiles();
  return box;
}

/** WhatsApp takes free text within a day of the customer's last message. */
function windowOver() {
  const { conversation, messages, more } = state.current;
  if (conversation.channel !== 'whatsapp') return false;
  const last = messages.findLast((m) => m.kind === 'message' && m.author.kind === 'customer');
  return last ? Date.now() - new Date(last.at) > windowHours * 3_600_000 : !more;
}

async function send(conversation, body) {
  const p = { conversation, body };
  state.pending.set(body.client_id, p);
  draw.thread();
  scrollDown();
  await resend(p);
}

/** Sends again what did not go; the same client_id is taken once. */
export async function resend(p) {
  delete p.fault;
  draw.thread();
  try {
    const m = await call('POST', `/v1/conversations/${encodeURIComponent(p.conversation)}/messages`, p.body);
    state.pending.delete(p.body.client_id);
    if (state.current?.conversation.id === p.conversation) place(m, true);
  } catch (refusal) {
    p.fault = refusal.message;
    draw.thread();
  }
  scrollDown();
}

let told = 0;
function typing(on) {
  if (on && Date.now() - told < 3000) return;
  told = on ? Date.now() : 0;
  state.line?.send({ type: 'typing', conversation: state.current.conversation.id, on });
}

function insert(text, from, to, words) {
  text.setRangeText(words, from, to, 'end');
  text.dispatchEvent(new Event('input'));
  text.focus();
}

function bold(text) {
  const { selectionStart: from, selectionEnd: to } = text;
  insert(text, from, to, `**${text.value.slice(from, to) || state.words.bold.toLowerCase()}**`);
}

function emojiButton(text) {
  const list = h('div', { class: 'emojis', hidden: true }, emojis.map((e) => h('button', { 'aria-label': e, onclick: () => { list.hidden = true; insert(text, text.selectionStart, text.selectionEnd, e); } }, e)));
  return h('span', null, h('button', { class: 'plain', 'aria-label': state.words.emoji, onclick: () => { list.hidden = !list.hidden; } }, icon('smile')), list);
}

/** Lists canned replies after "/", and in a note agents after "@". */
function suggest(text, list, now) {
  const before = text.value.slice(0, text.selectionStart);
  const found = before.match(now.kind === 'note' ? /(?:^|\s)@([\p{L}\p{N}_-]*)$/u : /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u);
  list.hidden = !found;
  if (!found) return;
  const typed = found[1].toLowerCase(), from = before.length - found[1].length - 1;
  const options = now.kind === 'note'
    ? alive(state.agents).filter((a) => (a.id + ' ' + a.name).toLowerCase().includes(typed)).map((a) => ({ label: `@${a.id} · ${a.name}`, put: `@${a.id} `, done: () => now.mentions.add(a.id) }))
    : state.canned.filter((c) => c.short.toLowerCase().startsWith(typed)).map((c) => ({ label: `/${c.short} · ${c.text.slice(0, 80)}`, put: c.text }));
  list.hidden = options.length === 0;
  fill(list, options.map((o, i) => h('li', { role: 'option', 'aria-selected': String(i === 0), onmousedown: (e) => e.preventDefault(), onclick: () => { o.done?.(); list.hidden = true; insert(text, from, text.selectionStart, o.put); list.hidden = true; } }, o.label)));
}

function suggestionKey(e, list) {
  const items = [...list.children], at = items.findIndex((x) => x.ariaSelected === 'true');
  if (e.key === 'Escape') list.hidden = true;
  else if (e.key === 'Enter' || e.key === 'Tab') items[at]?.click();
  else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
    items[at].ariaSelected = 'false';
    const next = items[(at + (e.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length];
    next.ariaSelected = 'true';
    next.scrollIntoView({ block: 'nearest' });
  } else return false;
  e.preventDefault();
  return true;
}

function templateDialog() {
  const w = state.words, c = state.current.conversation;
  const usable = state.templates.filter((t) => t.inbox === c.inbox);
  const choice = h('select', { onchange: () => ask() }, usable.map((t, i) => h('option', { value: String(i) }, `${t.name} (${t.language})`)));
  const preview = h('p', { class: 'bubble' });
  const fields = h('div', { class: 'stack' });
  const ask = () => {
    const t = usable[choice.value];
    if (!t) return;
    preview.textContent = t.body;
    fill(fields, Array.from({ length: t.parameters }, (_, i) => h('label', null, h('span', null, w.parameter(i + 1)), h('input', { required: true, maxlength: '1024' }))));
  };
  const dialog = h('dialog', { 'aria-label': w.template, onclose: () => dialog.remove() }, h('form', { method: 'dialog', onsubmit: () => {
    const t = usable[choice.value];
    if (t) send(c.id, { client_id: newID(), template: { name: t.name, language: t.language, parameters: [...fields.querySelectorAll('input')].map((i) => i.value) } });
  } }, h('h2', null, w.template), choice, preview, fields,
  h('div', { class: 'ends' }, h('button', { type: 'button', onclick: () => dialog.close() }, w.cancel), h('button', { class: 'primary' }, w.send))));
  document.body.append(dialog);
  ask();
  dialog.showModal();
}
