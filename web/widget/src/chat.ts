// What the chat knows and does, without a page: the visitor's conversations, the thread that is shown, what is on its
// way. There is one in a frame, so that it is a module and not a class: every view reads it, and costs no names for it.
// Every change is told to changed(), and the page draws itself anew.
import type { Frame, Listener } from '@relevo/shared/live/line';
import type { Entry, Outbox, OutboxOptions, Refused } from '@relevo/shared/live/outbox';
import type { Shared } from '@relevo/shared/live/share';
import type { VNode } from 'preact';
import type { Call } from './desk';
import type { Keep } from './keep';
import { addressIn, gist, join, place, unreadOf } from './thread';
import { files, leave } from './upload';
import type { About, Contact, Conversation, Draft, Identity, Inbox, Message, News, Session, Thread } from './wire';

/** A transcript on its way. asked: the desk has the request, or gets it; the rest it tells over the line. */
export interface Copy {
  state: 'asked' | 'sending' | 'sent' | 'failed';
  email: string;
  refused?: Refused;
}

export interface Parts {
  store: Keep;
  call: Call;
  /** The box of one visitor: user is how the host knows him, "" for an anonymous one. */
  box(user: string, o: Pick<OutboxOptions, 'send' | 'changed' | 'over'>): Outbox;
  line(user: string, listener: Listener & { box(): void }): Shared;
  changed(): void;
  /** Draws the customer's tickets in the place of "home", while he looks at them. */
  tickets?: (() => VNode[]) | undefined;
  newID(): string;
  /** How many bytes a file may have. */
  room: number;
}

// Who types on tells it once in typingEvery, and is believed a little longer; after typingPause without a key he types no
// more. Each frame is paid for. In ms.
const typingTime = 100_000, typingEvery = 90_000, typingPause = 15_000, bannerAfter = 3000;
// What is told right before a message arrives, the message undoes: for a while after it, it is told more often.
const settling = 5000, settlingEvery = 2000;

export let parts: Parts;
let changed: () => void;
let line: Shared | undefined;
/** For each reading under way, what arrived since it began; another set for another visitor. */
export let readings: Set<Message[]>;
let pauseTimer: ReturnType<typeof setTimeout>, lostTimer: ReturnType<typeof setTimeout> | undefined;
let typed = 0; // when the desk was last told that the visitor types
let arrivedAt = 0; // when his last message did
let introduced = '';
let named: string | undefined; // how the desk knows our line, while it is up

export let inbox: Inbox | undefined;
export let contact: Contact;
/** The visitor's conversations, newest first. */
export let talks: Conversation[];
export let threads: Record<string, { messages: Message[]; more: boolean }>;
/** What is shown: "home", or a conversation's id; "" is the one that the next message begins. */
export let where: string;
export let ready: boolean;
export let fault: boolean;
/** Whether the panel is open. */
export let open = false;
/** Whether the line has been gone for a while. */
export let lost: boolean;
/** Who of the desk type, by their names; each until his timer ends. "" has no name. */
export let typists: Record<string, ReturnType<typeof setTimeout>>;
/** How the desk answered the last message that waits: its status, nothing if it did not. */
export let late: number | undefined;
export let copies: Record<string, Copy>;
/** What the host page told of the visitor, and the page he is on. */
export let about: About = {};
/** For whom the host's server vouches. */
export let identity: Identity | undefined;
export let box: Outbox;
let boxOf = ''; // whose it is
// What a guest left who is known now, until the desk knows him: his box, and what he typed.
let guests: Outbox | undefined, words: string;
/** What is typed and not sent here; another tab has a text of its own. */
export let draft: string;
let asked = false; // whether start was ever asked for

/** Begins with nobody's chat; start reads it. */
export function begin(p = parts): void {
  parts = p;
  ({ changed } = p);
  parts.tickets = undefined;
  line?.stop();
  line = named = undefined;
  contact = { name: about.name ?? '', email: about.email ?? '' };
  talks = [];
  threads = {};
  readings = new Set();
  copies = {};
  where = introduced = '';
  typists = {};
  ready = fault = lost = false;
  late = 0;
  leave(); // the files are his who chose them
  openBox();
}

/** Somebody else is here now: all is read anew, with another session. */
export async function restart(): Promise<void> {
  begin();
  if (asked) await start();
}

/** By what he is known: to the host, or by his address; "" for a guest. */
export const user = (): string => identity?.user_id ?? parts.store.get('me');

/** Opens the box of who is here now; the one before sends no more. */
function openBox(): void {
  guests = boxOf ? undefined : box;
  words = boxOf ? '' : draft;
  boxOf = user();
  draft = parts.store.get('draft' + boxOf);
  const over = () => mine !== box, mine: Outbox = (box = parts.box(boxOf, { over, send: (e) => post(e, over), changed: () => line?.tell('box') }));
}

/** What a guest typed or wrote, and is not sent yet, comes along: the desk knows now that it is the same one. */
function bring(): void {
  const old = boxOf && guests, mine = box;
  guests = undefined;
  if (!old) return;
  if (words) write(words + draft);
  parts.store.set('draft', '');
  // What is being sent, or another tab sends, is waited for; what an earlier page left is read.
  void old.flush().then(() => old.all().map((e) => mine.add(e).then(() => old.remove(e.id))));
}

/** The conversation that is shown; none before it begins. */
export const shown = (): Conversation | undefined => talks.find((c) => c.id === where);
export const messages = (): Message[] => threads[where]?.messages ?? [];
/** The id of the conversation that goes on, or "". */
export const going = (): string => talks.find((c) => c.status === 'open')?.id ?? '';
export const unread = (): number => unreadOf(threads[talks[0]?.id ?? '']?.messages ?? [], talks[0]).length;

/** Takes what is typed. It survives a reload, and is shown to nobody else; what another tab keeps there is not forgotten for
 *  what was sent here. */
export function write(text: string): void {
  const name = 'draft' + boxOf;
  if (text || parts.store.get(name) === draft) parts.store.set(name, text);
  draft = text;
  types(!text);
  changed();
}

/** The page goes: what is typed here is kept, and nobody types. */
export function part(): void {
  if (draft) parts.store.set('draft' + boxOf, draft);
  types(true);
}

/** Tells the desk that the visitor types, or that it is over; what did not go is told with the next key. */
function types(over: boolean): void {
  const on = !over, now = Date.now();
  clearTimeout(pauseTimer);
  if (on) pauseTimer = setTimeout(types, typingPause, true);
  if (on ? now - typed > (now - arrivedAt < settling ? settlingEvery : typingEvery) : typed) typed = going() && line?.send({ type: 'typing', on }) && on ? now : 0;
}
export const sendable = (): boolean => files.every((f) => f.ref) && !!(draft.trim() || files.length);

/** A session began; its inbox looks and behaves so. */
export function meet(now: Session): void {
  inbox = now.inbox;
  changed();
}

/** Reads what there is and opens the line; again after it failed. */
export async function start(): Promise<void> {
  const all = readings;
  asked = true;
  fault = false;
  try {
    await read();
    bring();
    await box.reload();
    if (all !== readings) throw 0;
    ready = true;
    where = going() || ((talks[0] || inbox!.portal) && !box.all().length ? 'home' : '');
    void box.flush();
    listen();
  } catch {
    fault ||= all === readings; // else another visitor's start says it
  }
  seen();
}

/** A line is held by who talks or is about to. */
function listen(): void {
  if (line || !ready || !(open || going())) return;
  line = parts.line(user(), {
    hear,
    caughtUp(again) {
      read(!again).catch(() => reached(false));
      void box.flush();
    },
    state({ up, name }) {
      named = name;
      reached(up);
    },
    // What another tab sends and does not live to tell, this one sends.
    box: () => void box.reload().then(box.flush),
  });
  line.start();
}

/** The desk was reached, or was not: that is shown if it lasts. */
export function reached(now: boolean): void {
  if (now) {
    lostTimer = clearTimeout(lostTimer) as undefined;
    lost = false;
    changed();
  } else {
    lostTimer ??= setTimeout(() => {
      lost = true;
      changed();
    }, bannerAfter);
  }
}

/** The network is back, or the page is looked at again. */
export function wake(): void {
  line?.ask('nudge');
  if (ready) void box.flush();
  seen();
}

/** The panel opened or closed. */
export function show(now: boolean): void {
  open = now;
  listen();
  seen();
}

/** Reads who I am and my conversations, if it is to be all, and the newest thread. What arrives meanwhile is put on top. */
async function read(whole = true): Promise<void> {
  const meanwhile: Message[] = [], all = readings;
  all.add(meanwhile);
  try {
    const [me, list, thread] = await Promise.all([
      whole ? parts.call<Contact>('GET', 'contact') : contact,
      whole && parts.call<{ items: Conversation[] }>('GET', 'conversations?limit=50'),
      parts.call<Thread>('GET', 'messages?fresh=true'),
    ]);
    if (all !== readings) throw 0; // another visitor has come
    contact = { name: me.name || contact.name, email: me.email || contact.email };
    if (list) talks = list.items;
    const { conversation: c, messages: page, more } = thread;
    if (c) {
      const was = threads[c.id], joined = join(was?.messages ?? [], page);
      threads[c.id] = { messages: joined, more: joined === page ? more : !!was?.more };
      file(c);
      for (const m of page) arrived(m);
    }
  } finally {
    all.delete(meanwhile);
  }
  meanwhile.forEach((m) => put(m));
  seen();
}

const arrived = (m: Message) => {
  if (m.client_id) void box.remove(m.client_id);
};

/** Puts a conversation's newer state in its place. */
export function file(c: Conversation): void {
  talks = talks.some((x) => x.id === c.id) ? talks.map((x) => (x.id === c.id ? { ...x, ...c } : x)) : [c, ...talks];
  changed();
}

/** Puts a message in its place; echo: it is the answer to our own request. */
export function put(m: Message, echo = false): void {
  readings.forEach((meanwhile) => meanwhile.push(m));
  const id = m.conversation, all = place(threads[id]?.messages ?? [], m, echo);
  if (!talks.some((c) => c.id === id)) file({ id, status: 'open', created_at: m.at });
  threads[id] = { more: false, ...threads[id], messages: all };
  if (m === all.at(-1)) file({ ...talks.find((c) => c.id === id)!, preview: { text: gist(m), by: m.author.kind } });
  if (m.author.kind === 'customer') {
    arrived(m);
    if (!where || (echo && shown())) where = id;
    if (inbox?.collect_email) contact.email ||= addressIn(m.text);
  } else quiet(m.author.name);
  seen();
}

/** Takes a frame of the line. */
export function hear({ type, conversation: id = '', data }: Frame): void {
  if (!data) return; // an answer to a frame of ours
  const { state, fetch, message, conversation, on, by, ...marks } = data as News;
  if (fetch !== undefined) return void read().catch(() => reached(false));
  if (conversation) file(conversation);
  if (message) put(message);
  if (type === 'typing') {
    const name = by?.name;
    quiet(name);
    if (on) typists[name ?? ''] = setTimeout(quiet, typingTime, name);
  }
  const talk = talks.find((c) => c.id === id);
  if (type === 'read' && talk) file({ ...talk, ...marks });
  if (copies[id] && state) copies[id].state = state;
  changed();
}

/** One of the desk types no more. */
function quiet(name = ''): void {
  clearTimeout(typists[name]);
  delete typists[name];
  changed();
}

/** Draws what changed, and tells the desk that the newest answer was read, if it was. */
function seen(): void {
  changed();
  const c = shown(), last = unreadOf(messages(), c).at(-1);
  if (!open || !c || !last || document.hidden) return;
  const conversation = c.id, customer_read = last.id, read = { conversation, up_to: customer_read };
  file({ ...c, customer_read });
  // Our own line is not told of it.
  if (line?.send({ type: 'read', ...read })) line.tell('hear', { type: 'read', conversation, data: { customer_read } });
  else parts.call('POST', 'read', read).catch(() => 0); // the next mark says it all
}

/** Shows a conversation, reading it if need be; "" begins one, "home" lists them. */
export function visit(to: string): void {
  where = to;
  if (shown() && !threads[to]) page('');
  seen();
}

/** Reads what came before the messages that are shown. */
export const older = (): void => page(messages()[0] ? `&before=${messages()[0]!.id}` : '');

function page(before: string): void {
  const id = where;
  parts.call<Thread>('GET', `messages?conversation=${id}${before}`).then(
    ({ messages, more }) => {
      threads[id] = { messages: [...messages, ...(threads[id]?.messages ?? [])], more };
      reached(true);
    },
    () => {
      threads[id] ??= { messages: [], more: true }; // which shows a button that tries again
      reached(false);
    },
  );
}

/** Sends a text with the files that are ready. */
export function send(text: string): void {
  const attachments = files.flatMap((f) => f.ref ?? []), id = parts.newID();
  leave();
  typed = 0; // that he stopped, the message tells
  write('');
  void box.add({ id, lane: '', kind: 'message', body: { client_id: id, ...(text && { text }), ...(attachments.length && { attachments }) } });
}

/** Sends what waits in a box, unless it is over with it: to whoever has come meanwhile it neither belongs nor is shown. */
async function post(e: Entry, over: () => boolean): Promise<void> {
  try {
    if (!over()) await introduce();
    if (over()) throw { status: 401 }; // it waits for him who wrote it
    // Our own line is not told of it: the tabs that share it hear of it from here.
    const m = await parts.call<Message>('POST', 'messages', { ...(e.body as Draft), line: named });
    if (over()) return;
    line?.tell('hear', { type: 'message.created', conversation: m.conversation, data: { message: m } });
    put(m, true);
    late = 0;
    arrivedAt = Date.now();
    reached(true);
  } catch (refusal) {
    const { status } = refusal as Refused;
    late = status;
    changed();
    if (!status || status > 499) reached(false);
    throw refusal;
  }
}

/** Saves what a form or the host page tells of the visitor. */
export async function tell(what: About): Promise<void> {
  const all = readings, now = await parts.call<Contact>('PATCH', 'contact', what);
  if (all === readings) contact = now;
  changed();
}

/** Tells the desk, once, what is known of the visitor. It never holds up a message. */
async function introduce(): Promise<void> {
  if (introduced === (introduced = JSON.stringify(about))) return;
  await tell(about).catch(() => (introduced = ''));
}

const most: Record<string, number> = { name: 100, email: 254, phone: 40, language: 35, page: 500 }; // letters

const signed = (said: unknown) => (said ? `${said}` : undefined); // what is not there is not sent

/** Takes what the host page says of its visitor: texts of known names, no longer than the desk takes. It goes out with his
 *  next message, or at once if he has written before: who only looks leaves no trace. With a proof, he is that user, here
 *  and in every browser; another user_id than his, or none, says that he has left. */
export function identify(said: Record<string, unknown>): void {
  const { user_id, hash } = said, known = user_id && hash, left = identity && 'user_id' in said && `${user_id}` !== identity.user_id;
  if (left) about = {};
  for (const name in most) if (said[name]) about = { ...about, [name]: String(said[name]).trim().slice(0, most[name]) };
  if (left || (known && identity?.hash !== hash)) {
    // What is signed goes as the host's server signed it.
    identity = known ? ({ user_id: `${user_id}`, hash: `${hash}`, name: signed(said.name), email: signed(said.email) } as Identity) : undefined;
    void restart();
  }
  Object.assign(contact, about);
  if (talks.length) void introduce();
  changed();
}

/** The host's word was not good: the visitor stays anonymous. */
export function doubt(): void {
  identity = undefined;
  if (ready) void restart();
  else openBox();
}

/** Asks for the transcript of the conversation that is shown; the desk tells over the line how it goes (B76). */
export function order(email: string): void {
  const copy: Copy = (copies[where] = { state: 'asked', email });
  parts.call('POST', 'transcript', { conversation: where, client_id: parts.newID(), email }).catch((refused) => {
    Object.assign(copy, { state: 'failed', refused });
    changed();
  });
  changed();
}

/** Says what the visitor thinks of the conversation that is shown (B71). */
export async function rate(rating: number, comment: string): Promise<void> {
  const all = readings, c = await parts.call<Conversation>('POST', 'survey', { conversation: where, rating, ...(comment && { comment }) });
  if (all === readings) file(c);
}
