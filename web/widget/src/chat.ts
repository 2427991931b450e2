// What the chat knows and does, without a page: the visitor's conversations, the thread that is shown, what is on its
// way. Every change is told to changed(), and the page draws itself anew.
import type { Call, Refusal } from './api';
import type { Keep } from './keep';
import type { Line, LineParts } from './live';
import { outbox, type Outbox } from './outbox';
import { addressIn, join, place, unread } from './thread';
import type { Upload } from './upload';
import type { About, Contact, Conversation, Frame, Inbox, Message, Thread } from './wire';

/** A transcript on its way. asked: the desk has the request, or gets it; the rest it tells over the line. */
export interface Copy {
  state: 'asked' | 'sending' | 'sent' | 'failed';
  email: string;
}

export interface ChatParts {
  store: Keep;
  call: Call;
  line(parts: Omit<LineParts, 'address'>): Line;
  changed(): void;
  newID(): string;
}

const typingTime = 8000, typingEvery = 3000, bannerAfter = 3000; // ms

export class Chat {
  inbox: Inbox | undefined;
  contact: Contact = { name: '', email: '' };
  /** The visitor's conversations, newest first. */
  talks: Conversation[] = [];
  threads: Record<string, { messages: Message[]; more: boolean }> = {};
  /** What is shown: "home", or a conversation's id; "" is the one that the next message begins. */
  where = '';
  ready = false;
  fault = false;
  open = false;
  /** Whether the line has been gone for a while. */
  lost = false;
  /** Who of the desk types; " " if he has no name. */
  typing = '';
  files: Upload[] = [];
  picking = false;
  /** Bytes that a file may have. */
  most = 25 << 20;
  copies: Record<string, Copy> = {};
  /** What the host page told of the visitor, and the page he is on. */
  about: About = {};
  readonly box: Outbox;
  readonly call: Call;
  readonly newID: () => string;
  readonly changed: () => void;

  #store: Keep;
  #open: ChatParts['line'];
  #line: Line | undefined;
  #reading = new Set<Message[]>(); // for each reading under way, what arrived since it began
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #lostTimer: ReturnType<typeof setTimeout> | undefined;
  #typed = 0; // when the desk was last told that the visitor types
  #introduced = '';

  constructor(parts: ChatParts) {
    this.call = parts.call;
    this.newID = parts.newID;
    this.changed = parts.changed;
    this.#store = parts.store;
    this.#open = parts.line;
    this.box = outbox(
      parts.store,
      async (draft) => {
        try {
          await this.introduce();
          this.put(await parts.call<Message>('POST', 'messages', draft), true);
          this.reached(true);
        } catch (refusal) {
          if ((refusal as Refusal).later) this.reached(false);
          throw refusal;
        }
      },
      parts.changed,
    );
  }

  /** The conversation that is shown; none before it begins. */
  get shown(): Conversation | undefined {
    return this.talks.find((c) => c.id === this.where);
  }
  get messages(): Message[] {
    return this.threads[this.where]?.messages ?? [];
  }
  /** The id of the conversation that goes on, or "". */
  get going(): string {
    return this.talks.find((c) => c.status === 'open')?.id ?? '';
  }
  get unread(): number {
    const last = this.talks[0];
    return unread(this.threads[last?.id ?? '']?.messages ?? [], last).length;
  }
  /** What is typed and not sent; it survives a reload. */
  get draft(): string {
    return this.#store.get('draft') ?? '';
  }
  set draft(text: string) {
    this.#store.set('draft', text);
    this.#types(!!text);
    this.changed();
  }
  get sendable(): boolean {
    return this.files.every((f) => f.ref) && (!!this.draft.trim() || this.files.length > 0);
  }

  /** Reads what there is and opens the line; again after it failed. */
  async start(): Promise<void> {
    this.fault = false;
    try {
      await this.#read();
      this.ready = true;
      this.where = this.going || (this.talks.length && !this.box.items().length ? 'home' : '');
      void this.box.flush();
      this.#listen();
    } catch {
      this.fault = true;
    }
    this.changed();
    this.#seen();
  }

  /** A line is held by who talks or is about to. */
  #listen(): void {
    if (this.#line || !this.ready || !(this.open || this.going)) return;
    this.#line = this.#open({
      opened: async () => {
        await this.#read();
        void this.box.flush();
      },
      hear: (f) => this.hear(f),
      state: (open) => this.reached(open),
    });
  }

  /** The desk was reached, or was not: that is shown if it lasts. */
  reached(now: boolean): void {
    if (!now) {
      this.#lostTimer ??= setTimeout(() => this.#set({ lost: true }), bannerAfter);
      return;
    }
    clearTimeout(this.#lostTimer);
    this.#lostTimer = undefined;
    if (this.lost) this.#set({ lost: false });
  }

  #set(change: Partial<Pick<Chat, 'lost' | 'typing' | 'open' | 'where' | 'contact' | 'picking'>>): void {
    Object.assign(this, change);
    this.changed();
  }

  /** The network is back, or the page is looked at again. */
  wake(): void {
    this.#line?.wake();
    if (this.ready) void this.box.flush();
    this.#seen();
  }

  /** The panel opened or closed. */
  show(open: boolean): void {
    this.#set({ open });
    this.#listen();
    this.#seen();
  }

  /** Reads who I am, my conversations and the newest thread. What arrives meanwhile is put on top. */
  async #read(): Promise<void> {
    const meanwhile: Message[] = [], { call } = this;
    this.#reading.add(meanwhile);
    try {
      const [contact, talks, thread] = await Promise.all([
        call<Contact>('GET', 'contact'),
        call<{ items: Conversation[] }>('GET', 'conversations?limit=50'),
        call<Thread>('GET', 'messages?fresh=true'),
      ]);
      this.contact = { ...contact, name: contact.name || this.contact.name, email: contact.email || this.contact.email };
      this.talks = talks.items;
      if (thread.conversation) this.#take(thread.conversation, thread);
    } finally {
      this.#reading.delete(meanwhile);
    }
    meanwhile.forEach((m) => this.put(m));
    this.changed();
    this.#seen();
  }

  #take(c: Conversation, { messages, more }: Thread): void {
    const joined = join(this.threads[c.id]?.messages ?? [], messages);
    this.threads[c.id] = { messages: joined, more: joined === messages ? more : !!this.threads[c.id]?.more };
    this.#file(c);
    for (const m of messages) if (m.client_id) this.box.drop(m.client_id);
  }

  /** Puts a conversation's newer state in its place. */
  #file(c: Conversation): void {
    const known = this.talks.some((x) => x.id === c.id);
    this.talks = known ? this.talks.map((x) => (x.id === c.id ? { ...x, ...c } : x)) : [c, ...this.talks];
  }

  /** Puts a message in its place; echo: it is the answer to our own request. */
  put(m: Message, echo = false): void {
    this.#reading.forEach((meanwhile) => meanwhile.push(m));
    const id = m.conversation, mine = m.author.kind === 'customer';
    if (!this.talks.some((c) => c.id === id)) this.#file({ id, status: 'open', created_at: m.at });
    const messages = place(this.threads[id]?.messages ?? [], m, echo);
    this.threads[id] = { more: false, ...this.threads[id], messages };
    if (m === messages.at(-1)) this.#file({ ...this.talks.find((c) => c.id === id)!, preview: { text: m.text, by: m.author.kind } });
    if (mine) {
      if (m.client_id) this.box.drop(m.client_id);
      if (this.where !== 'home' && (echo || !this.where)) this.where = id;
      if (this.inbox?.collect_email) this.contact.email ||= addressIn(m.text);
    } else this.typing = '';
    this.changed();
    this.#seen();
  }

  /** Takes a frame of the line. */
  hear({ type, conversation: id = '', data }: Frame): void {
    if (data.fetch !== undefined) return void this.#read().catch(() => this.#line?.wake());
    if (data.conversation) this.#file(data.conversation);
    if (data.message) this.put(data.message);
    if (type === 'typing') {
      this.typing = data.on ? data.by?.name || ' ' : '';
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => this.#set({ typing: '' }), typingTime);
    }
    const { state, ...marks } = data, talk = this.talks.find((c) => c.id === id), copy = this.copies[id];
    if (type === 'read' && talk) this.#file({ ...talk, ...marks } as Conversation);
    if (copy && state) copy.state = state;
    this.changed();
  }

  /** Tells the desk that the newest answer was read, if it was. */
  #seen(): void {
    const c = this.shown, last = unread(this.messages, c).at(-1);
    if (!this.open || !c || !last || document.hidden) return;
    this.#file({ ...c, customer_read: last.id });
    this.changed();
    this.call('POST', 'read', { conversation: c.id, up_to: last.id }).catch(() => 0); // the next mark says it all
  }

  /** Shows a conversation, reading it if need be; "" begins one, "home" lists them. */
  visit(where: string): void {
    this.#set({ where });
    if (this.shown && !this.threads[where]) this.#page(where);
    this.#seen();
  }

  /** Reads what came before the messages that are shown. */
  older(): void {
    this.#page(this.where, `&before=${this.messages[0]?.id}`);
  }

  #page(id: string, before = ''): void {
    this.call<Thread>('GET', `messages?conversation=${id}${before}`).then(
      ({ messages, more }) => {
        this.threads[id] = { messages: [...messages, ...(before ? (this.threads[id]?.messages ?? []) : [])], more };
        this.changed();
      },
      () => this.#set({ lost: true }),
    );
  }

  /** Sends a text with the files that are ready. */
  send(text: string): void {
    const attachments = this.files.flatMap((f) => f.ref ?? []);
    this.files = [];
    this.draft = '';
    this.box.add({ client_id: this.newID(), ...(text && { text }), ...(attachments.length && { attachments }) });
  }

  /** Tells the desk that the visitor types, at most every few seconds, and when he stops. */
  #types(on: boolean): void {
    if (on ? Date.now() - this.#typed < typingEvery : !this.#typed) return;
    this.#typed = on ? Date.now() : 0;
    if (this.going) this.#line?.send({ type: 'typing', on });
  }

  /** Takes a file out of the next message. */
  detach(file: Upload): void {
    file.stop();
    this.files = this.files.filter((f) => f !== file);
    this.changed();
  }

  /** Shows the faces to pick from, or hides them. */
  pick(on: boolean): void {
    this.#set({ picking: on });
  }

  /** Saves what a form or the host page tells of the visitor. */
  async tell(about: About): Promise<void> {
    this.#set({ contact: await this.call<Contact>('PATCH', 'contact', about) });
  }

  /** Tells the desk, once, what is known of the visitor. It never holds up a message. */
  async introduce(): Promise<void> {
    const key = JSON.stringify(this.about);
    if (key === this.#introduced) return;
    this.#introduced = key;
    await this.tell(this.about).catch(() => (this.#introduced = ''));
  }
}
