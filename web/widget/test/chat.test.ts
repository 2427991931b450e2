import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LineState, Listener } from '@relevo/shared/live/line';
import { outbox } from '@relevo/shared/live/outbox';
import type { Conversation, Message } from '../src/wire';
import { memory, settle } from './memory';
import { message } from './thread.test';

vi.stubGlobal('document', { hidden: false });

let worlds = 0;
let chat: typeof import('../src/chat');

/** A desk that has what it is given, and writes down what it is asked. */
async function world(talks: Conversation[] = [], messages: Message[] = []) {
  vi.resetModules(); // the chat is a module
  chat = await import('../src/chat');
  const asked: string[] = [], told: unknown[][] = [], bodies: any[] = [], store = memory(), boxes: string[] = [];
  let listener: Listener & { box(): void }, n = 0;
  const call = async (method: string, path: string, body?: any): Promise<any> => {
    asked.push(`${method} ${path.split('?')[0]}`);
    if (method === 'POST') bodies.push(body);
    if (method === 'PATCH') return { name: body.name ?? '', email: body.email ?? '' };
    if (path === 'contact') return { name: '', email: '' };
    if (path.startsWith('conversations')) return { items: talks };
    if (method === 'GET') return { ...(talks[0] && { conversation: talks[0] }), messages, more: false };
    if (path === 'survey') return { ...talks[0], survey: { asked_at: talks[0]!.created_at, rating: body.rating } };
    if (path === 'messages') return message(`m${++n}`, { ...body, conversation: 'new' });
  };
  const sends: object[] = [];
  const mine = ++worlds;
  chat.begin({
    store, call, changed: () => {}, room: 1, newID: () => `id${++n}`,
    box: (user, o) => (boxes.push(user), outbox({ ...o, name: `box${mine}${user}`, lock: (_, run) => run() })),
    line: (_, heard) => ((listener = heard), { start: () => {}, stop: () => {}, ask: () => {}, tell: (...said) => void told.push(said), send: (f) => sends.push(f) > 0 }),
  });
  chat.meet({ token: '', expires_at: '', identified: false, inbox: { account: 'Tienda', name: 'Web', language: 'es', color: '', side: 'end', hours: { open: true }, pre_chat_form: false, collect_email: true, survey: true } });
  return { asked, sends, store, boxes, hear: (f: any) => listener.hear({ id: 'f', ...f }), caughtUp: (again = false) => listener.caughtUp(again), state: (s: LineState) => listener.state(s), box: () => listener.box(), told, bodies };
}
const talk = (id: string, more: Partial<Conversation> = {}): Conversation => ({ id, status: 'open', created_at: '2026-03-02T14:00:00.000Z', ...more });
const answer = (id: string, conversation = 'c') => message(id, { conversation, author: { kind: 'agent', name: 'Inés' } });
const waiting = () => chat.box.all().map((e) => e.id);

describe('chat', () => {
  let w: Awaited<ReturnType<typeof world>>;
  beforeEach(async () => {
    w = await world();
  });

  it('B12, B17: the first message begins a conversation', async () => {
    await chat.start();
    chat.show(true);
    expect(chat.where).toBe('');
    chat.send('Hola');
    await settle();
    expect(chat.where).toBe('new');
    expect(chat.messages().map((m) => m.text)).toEqual(['Hola']);
    expect(waiting()).toEqual([]);
  });

  it('leaves no trace of who only looks', async () => {
    chat.identify({ page: 'https://tienda.example/' });
    await chat.start();
    chat.show(true);
    chat.identify({ name: 'Carla', email: 'carla@example.com', admin: true });
    await settle();
    expect(w.asked.filter((a) => a !== 'GET contact' && a !== 'GET conversations' && a !== 'GET messages')).toEqual([]);
    chat.send('Hola');
    await settle();
    expect(w.asked.slice(-2)).toEqual(['PATCH contact', 'POST messages']);
    expect(chat.about).toEqual({ page: 'https://tienda.example/', name: 'Carla', email: 'carla@example.com' });
  });

  it('goes on with the open conversation, and lists them when the last is closed (B21)', async () => {
    w = await world([talk('c')]);
    await chat.start();
    expect(chat.where).toBe('c');
    w = await world([talk('c', { status: 'resolved' })]);
    await chat.start();
    expect(chat.where).toBe('home');
    expect(chat.going()).toBe('');
  });

  it('marks answers read only while they are seen', async () => {
    w = await world([talk('c')], [answer('a')]);
    await chat.start();
    expect(chat.unread()).toBe(1);
    const read = { type: 'read', conversation: 'c', up_to: 'a' };
    expect(w.sends).not.toContainEqual(read);
    chat.show(true);
    expect(w.sends).toContainEqual(read);
    expect(w.told).toContainEqual(['hear', { type: 'read', conversation: 'c', data: { customer_read: 'a' } }]); // the tabs that share the line
    expect(chat.unread()).toBe(0);
  });

  it('puts what arrives during a reading on top of it', async () => {
    w = await world([talk('c')], [answer('a')]);
    await chat.start();
    w.caughtUp();
    w.hear({ type: 'message.created', conversation: 'c', data: { message: answer('b') } });
    await settle();
    expect(chat.messages().map((m) => m.id)).toEqual(['a', 'b']);
  });

  it('drops a waiting message when its echo comes by the line first', async () => {
    w = await world([talk('c')]);
    await chat.start();
    await chat.box.add({ id: 'x', lane: '', kind: 'message', body: { client_id: 'x', text: 'Hola' }, due: Date.now() + 60_000 });
    expect(waiting()).toEqual(['x']);
    w.hear({ type: 'message.created', conversation: 'c', data: { message: message('a', { client_id: 'x' }) } });
    expect(waiting()).toEqual([]);
  });

  it('names its line in what it sends, and tells the tabs that share it', async () => {
    await chat.start();
    chat.show(true);
    w.state({ up: true, name: 'ticket' });
    chat.send('Hola');
    await settle();
    expect(w.bodies[0]).toMatchObject({ text: 'Hola', line: 'ticket' });
    expect(w.told.filter(([call]) => call === 'hear')).toMatchObject([['hear', { type: 'message.created', conversation: 'new', data: { message: { text: 'Hola' } } }]]);
    w.state({ up: false });
    chat.send('otra');
    await settle();
    expect(w.bodies[1].line).toBeUndefined(); // and JSON leaves it out
  });

  it('looks at the thread alone the second time', async () => {
    w = await world([talk('c')], [answer('a')]);
    await chat.start();
    w.asked.length = 0;
    w.caughtUp(true);
    await settle();
    expect(w.asked).toEqual(['GET messages']);
    expect(chat.going()).toBe('c');
  });

  it('sends what another tab left, if that did not live to do it', async () => {
    await chat.start();
    chat.show(true);
    const flush = vi.spyOn(chat.box, 'flush');
    w.box();
    await settle();
    expect(flush).toHaveBeenCalledOnce(); // under the lock that tells whether the other lives
  });

  it('knows the address that was written in the conversation (B14)', async () => {
    await chat.start();
    chat.send('claro: carla@example.com');
    await settle();
    expect(chat.contact.email).toBe('carla@example.com');
  });

  it('shows that the desk types until its message comes', async () => {
    w = await world([talk('c')]);
    await chat.start();
    w.hear({ type: 'typing', conversation: 'c', data: { on: true, by: { name: 'Inés' } } });
    w.hear({ type: 'typing', conversation: 'c', data: { on: true, by: { name: 'Otto' } } });
    w.hear({ type: 'typing', conversation: 'c', data: { on: true, by: {} } });
    expect(Object.keys(chat.typists)).toEqual(['Inés', 'Otto', '']);
    w.hear({ type: 'message.created', conversation: 'c', data: { message: answer('b') } });
    w.hear({ type: 'typing', conversation: 'c', data: { on: false, by: {} } });
    expect(Object.keys(chat.typists)).toEqual(['Otto']); // one's end hides no other
  });

  it('tells that the customer types, not at every key, and when he stops', async () => {
    w = await world([talk('c')]);
    await chat.start();
    for (const text of ['H', 'Ho', 'Hola', '']) chat.write(text);
    expect(w.sends).toEqual([{ type: 'typing', on: true }, { type: 'typing', on: false }]);
  });

  it('tells that the customer pauses, and not that he stopped because he sent it', async () => {
    w = await world([talk('c')]);
    await chat.start();
    vi.useFakeTimers();
    chat.write('Hola');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(w.sends).toEqual([{ type: 'typing', on: true }, { type: 'typing', on: false }]);
    chat.write('Hola,');
    chat.send('Hola,');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(w.sends.slice(2)).toEqual([{ type: 'typing', on: true }]);
    vi.useRealTimers();
  });

  it('keeps a draft through a reload', () => {
    chat.write('a medias');
    expect(w.store.get('draft')).toBe('a medias');
    chat.send('a medias');
    expect(chat.draft).toBe('');
  });

  it('B76: follows the transcript', async () => {
    w = await world([talk('c', { status: 'resolved' })]);
    await chat.start();
    chat.show(true);
    chat.visit('c');
    chat.order('x@y.co');
    for (const state of ['sending', 'sent'] as const) {
      w.hear({ type: 'transcript', conversation: 'c', data: { state } });
      expect(chat.copies.c?.state).toBe(state);
    }
  });

  it('B71: the answer to the survey is kept with the conversation', async () => {
    w = await world([talk('c', { status: 'resolved', survey: { asked_at: '2026-03-02T15:00:00.000Z' } })]);
    await chat.start();
    chat.show(true);
    chat.visit('c');
    await chat.rate(4, '');
    expect(w.asked).toContain('POST survey');
    expect(chat.shown()?.survey?.rating).toBe(4);
  });

  it('begins anew, with a box of its own, for whom the host vouches', async () => {
    w = await world([talk('c')], [answer('a')]);
    await chat.start();
    chat.identify({ user_id: 'u-7', name: 'Carla', hash: 'abc' });
    expect(chat.identity).toEqual({ user_id: 'u-7', name: 'Carla', hash: 'abc' });
    expect([chat.talks, w.boxes]).toEqual([[], ['', 'u-7']]);
    await settle();
    expect(chat.where).toBe('c'); // read again, as the user
    chat.doubt(); // the desk refused: the session begins without it
    expect(chat.identity).toBeUndefined();
    expect(w.boxes).toEqual(['', 'u-7', '']);
  });

  it('what a guest wrote and is not sent comes along when he is known, and goes out once', async () => {
    await chat.start();
    await chat.box.add({ id: 'x', lane: '', kind: 'message', body: { client_id: 'x', text: 'Hola' }, due: Date.now() + 60_000 });
    const guests = chat.box;
    chat.identify({ user_id: 'u-7', hash: 'abc' });
    await vi.waitFor(() => expect(waiting()).toEqual(['x']));
    expect(guests.all()).toEqual([]);
    await chat.box.put({ ...chat.box.all()[0]!, due: 0 });
    await Promise.all([chat.box.flush(), guests.flush()]);
    await vi.waitFor(() => expect(waiting()).toEqual([]));
    expect(w.asked.filter((a) => a === 'POST messages')).toHaveLength(1);
  });

  it('what one wrote who is known goes to nobody after him', async () => {
    w.store.set('me', 'ana@example.com');
    chat.begin();
    await chat.start();
    await chat.box.add({ id: 'x', lane: '', kind: 'message', body: { client_id: 'x', text: 'Hola' }, due: Date.now() + 60_000 });
    const hers = chat.box;
    w.store.set('me', '');
    await chat.restart();
    expect(waiting()).toEqual([]);
    await hers.put({ ...hers.all()[0]!, due: 0 });
    await hers.flush();
    expect(w.asked).not.toContain('POST messages');
  });

  it('begins nothing for whom another tab knows, before it is opened', async () => {
    await chat.restart();
    expect(w.asked).toEqual([]);
  });
});
