import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Chat } from '../src/chat';
import { identify } from '../src/host';
import type { LineParts } from '../src/live';
import type { Conversation, Message } from '../src/wire';
import { memory, settle } from './memory';
import { message } from './thread.test';

vi.stubGlobal('document', { hidden: false });

/** A desk that has what it is given, and writes down what it is asked. */
function world(talks: Conversation[] = [], messages: Message[] = []) {
  const asked: string[] = [], store = memory();
  let line: Omit<LineParts, 'address'> | undefined, n = 0;
  const call = async (method: string, path: string, body?: any): Promise<any> => {
    asked.push(`${method} ${path.split('?')[0]}`);
    if (method === 'PATCH') return { name: body.name ?? '', email: body.email ?? '' };
    if (path === 'contact') return { name: '', email: '' };
    if (path.startsWith('conversations')) return { items: talks };
    if (method === 'GET') return { ...(talks[0] && { conversation: talks[0] }), messages, more: false };
    if (path === 'messages') return message(`m${++n}`, { ...body, conversation: 'new' });
  };
  const sends: object[] = [];
  const chat = new Chat({
    store, call, changed: () => {}, newID: () => `id${++n}`,
    line: (parts) => ((line = parts), { send: (f) => sends.push(f), wake: () => {} }),
  });
  chat.inbox = { account: 'Tienda', name: 'Web', language: 'es', color: '', pre_chat_form: false, collect_email: true };
  return { chat, asked, sends, store, hear: (f: any) => line!.hear({ id: 'f', ...f }), connect: () => line!.opened() };
}
const talk = (id: string, more: Partial<Conversation> = {}): Conversation => ({ id, status: 'open', created_at: '2026-03-02T14:00:00.000Z', ...more });
const answer = (id: string, conversation = 'c') => message(id, { conversation, author: { kind: 'agent', name: 'Inés' } });

describe('chat', () => {
  let w: ReturnType<typeof world>;
  beforeEach(() => (w = world()));

  it('B12, B17: the first message begins a conversation', async () => {
    await w.chat.start();
    w.chat.show(true);
    expect(w.chat.where).toBe('');
    w.chat.send('Hola');
    await settle();
    expect(w.chat.where).toBe('new');
    expect(w.chat.messages.map((m) => m.text)).toEqual(['Hola']);
    expect(w.chat.box.items()).toEqual([]);
  });

  it('leaves no trace of who only looks', async () => {
    w.chat.about.page = 'https://tienda.example/';
    await w.chat.start();
    w.chat.show(true);
    identify(w.chat, { name: 'Carla', email: 'carla@example.com', admin: true });
    await settle();
    expect(w.asked.filter((a) => a !== 'GET contact' && a !== 'GET conversations' && a !== 'GET messages')).toEqual([]);
    w.chat.send('Hola');
    await settle();
    expect(w.asked.slice(-2)).toEqual(['PATCH contact', 'POST messages']);
    expect(w.chat.about).toEqual({ page: 'https://tienda.example/', name: 'Carla', email: 'carla@example.com' });
  });

  it('goes on with the open conversation, and lists them when the last is closed (B21)', async () => {
    w = world([talk('c')]);
    await w.chat.start();
    expect(w.chat.where).toBe('c');
    w = world([talk('c', { status: 'resolved' })]);
    await w.chat.start();
    expect(w.chat.where).toBe('home');
    expect(w.chat.going).toBe('');
  });

  it('marks answers read only while they are seen', async () => {
    w = world([talk('c')], [answer('a')]);
    await w.chat.start();
    expect(w.chat.unread).toBe(1);
    expect(w.asked).not.toContain('POST read');
    w.chat.show(true);
    expect(w.asked).toContain('POST read');
    expect(w.chat.unread).toBe(0);
  });

  it('puts what arrives during a reading on top of it', async () => {
    w = world([talk('c')], [answer('a')]);
    await w.chat.start();
    const reading = w.connect();
    w.hear({ type: 'message.created', conversation: 'c', data: { message: answer('b') } });
    await reading;
    expect(w.chat.messages.map((m) => m.id)).toEqual(['a', 'b']);
  });

  it('drops a waiting message when its echo comes by the line first', async () => {
    w = world([talk('c')]);
    await w.chat.start();
    w.store.set('outbox', JSON.stringify([{ client_id: 'x', text: 'Hola', fault: 'invalid' }]));
    w.hear({ type: 'message.created', conversation: 'c', data: { message: message('a', { client_id: 'x' }) } });
    expect(w.chat.box.items()).toEqual([]);
  });

  it('knows the address that was written in the conversation (B14)', async () => {
    await w.chat.start();
    w.chat.send('claro: carla@example.com');
    await settle();
    expect(w.chat.contact.email).toBe('carla@example.com');
  });

  it('shows that the desk types until its message comes', async () => {
    w = world([talk('c')]);
    await w.chat.start();
    w.hear({ type: 'typing', conversation: 'c', data: { on: true, by: { name: 'Inés' } } });
    expect(w.chat.typing).toBe('Inés');
    w.hear({ type: 'message.created', conversation: 'c', data: { message: answer('b') } });
    expect(w.chat.typing).toBe('');
  });

  it('tells that the customer types, not at every key, and when he stops', async () => {
    w = world([talk('c')]);
    await w.chat.start();
    for (const text of ['H', 'Ho', 'Hola', '']) w.chat.draft = text;
    expect(w.sends).toEqual([{ type: 'typing', on: true }, { type: 'typing', on: false }]);
  });

  it('keeps a draft through a reload', () => {
    w.chat.draft = 'a medias';
    expect(w.store.get('draft')).toBe('a medias');
    w.chat.send('a medias');
    expect(w.chat.draft).toBe('');
  });

  it('B76: follows the transcript', async () => {
    w = world([talk('c', { status: 'resolved' })]);
    await w.chat.start();
    w.chat.show(true);
    w.chat.copies.c = { state: 'asked', email: 'x@y.co' };
    for (const state of ['sending', 'sent'] as const) {
      w.hear({ type: 'transcript', conversation: 'c', data: { state } });
      expect(w.chat.copies.c.state).toBe(state);
    }
  });
});
