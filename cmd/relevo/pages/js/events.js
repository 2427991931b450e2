// What the open line tells: each frame is put in its place. docs/live.md lists them.
import { call, draw, soon, state } from './state.js';
import { readListSoon, refreshRow } from './list.js';
import { forget, open, place, seen } from './thread.js';
import { attempt } from './state.js';
import { toast } from './dom.js';

const shown = (id) => state.current?.conversation.id === id;
const rereadSoon = soon(() => { if (state.current) open(state.current.conversation.id, true); }, 150);

/** Takes a frame. */
export function hear(f) {
  const act = { 'message.created': message, 'message.updated': message, 'conversation.updated': conversation, 'conversation.left': left, typing, read, notification, seat }[f.type];
  act?.(f);
}

function message(f) {
  if ('fetch' in f.data) return shown(f.conversation) ? rereadSoon() : readListSoon();
  if (shown(f.conversation)) {
    merge(f.data.conversation);
    place(f.data.message);
    if (f.data.message.author.kind === 'customer') { state.typing = null; draw.typing?.(); seen(); }
  }
  refreshRow(f.data.conversation);
  readListSoon();
}

function conversation(f) {
  if ('fetch' in f.data) return message(f);
  if (shown(f.conversation)) {
    merge(f.data.conversation);
    if (f.data.message) place(f.data.message);
    rereadSoon(); // what is allowed now, the frame cannot say
  }
  refreshRow(f.data.conversation);
  readListSoon();
}

/** Takes a newer state of the conversation that is shown. */
function merge(now) {
  const was = state.current.conversation;
  if (now.version < was.version) return;
  state.current.conversation = { ...now, allowed: was.allowed };
  draw.head();
  draw.details();
}

async function left(f) {
  readListSoon();
  if (!shown(f.conversation)) return;
  try {
    await call('GET', `/v1/conversations/${encodeURIComponent(f.conversation)}`);
    rereadSoon();
  } catch {
    forget();
    location.hash = '#/';
  }
}

function typing(f) {
  if (!shown(f.conversation) || f.data.by.id === state.me.agent.id) return;
  state.typing = f.data.on ? f.data.by : null;
  draw.typing?.();
  clearTimeout(typing.timer);
  typing.timer = setTimeout(() => { state.typing = null; draw.typing?.(); }, 8000);
}

function read(f) {
  const { read_to, customer_read, unread } = f.data;
  const row = state.list.find((c) => c.id === f.conversation);
  if (row) refreshRow({ ...row, unread, read_to, customer_read });
  if (!shown(f.conversation)) return;
  Object.assign(state.current.conversation, { read_to, customer_read, unread });
  draw.thread();
}

function notification(f) {
  state.notifications = [f.data, ...state.notifications.filter((n) => n.id !== f.data.id)];
  const w = state.words;
  toast(`${f.data.by.name ?? ''} ${w.notifies[f.data.kind]} ${w.conversation} ${f.data.number}`);
  draw.bar();
  attempt(async () => { state.me.seat = (await call('GET', '/v1/me')).seat; draw.bar(); });
  readListSoon();
}

function seat(f) {
  state.me.seat = f.data;
  draw.bar();
}
