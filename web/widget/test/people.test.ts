// Who is here changes: what one wrote, typed and attached stays his.
import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { outbox } from '@relevo/shared/live/outbox';
import type { Session } from '../src/wire';
import { memory, settle } from './memory';
import { message } from './thread.test';

vi.stubGlobal('document', { hidden: false, documentElement: { lang: 'es' } });
vi.stubGlobal('location', { search: '' });
vi.stubGlobal('BroadcastChannel', class { close() {} });
vi.stubGlobal('fetch', async () => ({ json: async () => [] }));

type Answer = (method: string, path: string, body: any) => unknown;

let worlds = 0;
let chat: typeof import('../src/chat');

/** A desk that answers what it is told to, and writes down who asked it what. */
async function world(answer: Answer = () => undefined) {
  vi.resetModules(); // the chat is a module
  chat = await import('../src/chat');
  const posts: { as: string; text: string; id: string }[] = [], sends: object[] = [], store = memory(), mine = ++worlds;
  let n = 0, lines = 0, up = true;
  const call = async (method: string, path: string, body?: any): Promise<any> => {
    if (method === 'POST' && path === 'messages') posts.push({ as: chat.user(), text: body.text, id: body.client_id });
    const said = answer(method, path, body);
    if (said !== undefined) return said;
    if (path === 'contact') return { name: '', email: '' };
    if (path.startsWith('conversations')) return { items: [] };
    if (path === 'messages') return message(`m${++n}`, { ...body, conversation: 'c' });
    return method === 'GET' ? { messages: [], more: false } : {};
  };
  const box = (user: string, o: any) =>
    outbox({ ...o, name: `people${mine}${user}`, random: () => 0, lock: (_: string, run: () => Promise<void>) => run() });
  const begin = () =>
    chat.begin({ store, call, box, changed() {}, room: 1, newID: () => `id${++n}`, line: () => (lines++, { start() {}, stop() {}, ask() {}, tell() {}, send: (f) => up && sends.push(f) > 0 }) });
  const again = async () => {
    vi.resetModules();
    chat = await import('../src/chat');
    begin();
  };
  begin();
  chat.meet({ token: '', expires_at: '', identified: false, inbox: { portal: undefined } } as unknown as Session);
  return { posts, store, box, sends, again, lines: () => lines, up: (now: boolean) => void (up = now) };
}

/** An answer that waits until it is freed. */
function held() {
  let free!: (said: unknown) => void;
  const answer = new Promise((done) => (free = done));
  return { answer, free };
}
const as = (user_id: string, more = {}) => chat.identify({ user_id, hash: user_id, ...more });
const texts = () => chat.messages().map((m) => m.text);
/** Lets what is ready go on, IndexedDB's turns too. */
const turns = async () => {
  for (let n = 0; n < 20; n++) await new Promise((done) => setTimeout(done));
};

describe('another visitor', () => {
  it('does not send what who was before him wrote', async () => {
    const introduction = held();
    const w = await world((method) => (method === 'PATCH' ? introduction.answer : undefined));
    as('ana', { name: 'Ana' });
    await chat.start();
    chat.send('mío');
    await vi.waitFor(() => expect(chat.box.all()).toHaveLength(1));
    await turns();
    as('bob');
    await turns();
    introduction.free({ name: 'Ana', email: '' });
    await turns();
    expect(w.posts).toEqual([]);
  });

  it('does not see what who was before him wrote, when that is answered', async () => {
    const sent = held();
    const w = await world((method, path) => (method === 'POST' && path === 'messages' ? sent.answer : undefined));
    as('ana');
    await chat.start();
    chat.send('mío');
    await vi.waitFor(() => expect(w.posts).toHaveLength(1));
    as('bob');
    await turns();
    sent.free(message('m', { conversation: 'c', text: 'mío', client_id: w.posts[0]!.id }));
    await turns();
    expect([chat.user(), texts(), chat.talks]).toEqual(['bob', [], []]);
  });

  it('does not see what who was before him was typing, nor his files', async () => {
    await world();
    as('ana');
    await chat.start();
    chat.write('mi clave');
    vi.stubGlobal('XMLHttpRequest', class {});
    const { attach, files } = await import('../src/upload');
    attach([{ name: 'a.pdf', size: 2 } as File]);
    expect(files).toHaveLength(1);
    as('bob');
    await turns();
    expect([chat.user(), chat.draft, (await import('../src/upload')).files]).toEqual(['bob', '', []]);
    chat.identify({ user_id: 'ana', hash: 'new' });
    expect(chat.draft).toBe('mi clave');
  });
});

describe('what a guest wrote and is not sent', () => {
  it('comes along once what is on its way has arrived, so that nothing goes twice', async () => {
    const sent = held();
    const w = await world((method, path) => (method === 'POST' && path === 'messages' ? sent.answer : undefined));
    await chat.start();
    chat.send('Hola');
    await vi.waitFor(() => expect(w.posts).toHaveLength(1));
    as('u-7');
    await turns();
    sent.free(message('m', { conversation: 'c', text: 'Hola', client_id: w.posts[0]!.id }));
    await turns();
    expect(w.posts.map((p) => p.as)).toEqual(['']);
    expect(chat.box.all()).toEqual([]);
  });

  it('comes along from an earlier page, in its order, and is kept until it is there', async () => {
    const w = await world((method, path) => (method === 'POST' && path === 'messages' ? Promise.reject({ status: 0 }) : undefined));
    await chat.start();
    chat.send('uno');
    chat.send('dos');
    await vi.waitFor(() => expect(w.posts).not.toEqual([]));
    await turns();
    await w.again(); // a page of his site that tells who he is before anything is read
    as('u-7');
    await chat.start();
    await vi.waitFor(() => expect(chat.box.all().map((e) => (e.body as { text: string }).text)).toEqual(['uno', 'dos']));
    await turns();
    const guests = w.box('', {});
    await guests.reload();
    expect(guests.all()).toEqual([]);
  });
});

describe('what a guest typed', () => {
  it('comes along when the desk knows him, and nobody after him sees it', async () => {
    await world();
    await chat.start();
    chat.write('como invitada');
    as('ana');
    await vi.waitFor(() => expect(chat.ready).toBe(true));
    expect(chat.draft).toBe('como invitada');
    chat.identify({ user_id: '' });
    expect([chat.user(), chat.draft]).toEqual(['', '']);
    as('bob');
    await vi.waitFor(() => expect(chat.ready).toBe(true));
    expect(chat.draft).toBe('');
  });

  it('stays his when the word of his site is not good', async () => {
    await world((_, path) => {
      if (path === 'contact' && chat.identity) chat.doubt();
    });
    await chat.start();
    chat.write('como invitada');
    as('ana');
    await vi.waitFor(() => expect(chat.ready).toBe(true));
    expect([chat.user(), chat.draft]).toEqual(['', 'como invitada']);
  });
});

describe('who the page says he is', () => {
  it('is nobody when it says so, and what it told of who left is forgotten', async () => {
    await world();
    as('ana', { phone: '+57 1', name: 'Ana' });
    await chat.start();
    chat.identify({ page: 'https://tienda.example/' }); // which the loader tells with every verb
    expect(chat.user()).toBe('ana');
    as('bob', { page: 'https://tienda.example/' });
    expect([chat.user(), chat.about]).toEqual(['bob', { page: 'https://tienda.example/' }]);
    chat.identify({ user_id: undefined });
    expect([chat.user(), chat.about, chat.contact.name]).toEqual(['', {}, '']);
  });

  it('does not get what was asked for who left', async () => {
    const told = held();
    await world((method) => (method === 'PATCH' ? told.answer : undefined));
    as('ana');
    await chat.start();
    void chat.tell({ name: 'Ana' });
    as('bob');
    told.free({ name: 'Ana', email: 'ana@example.com' });
    await turns();
    expect(chat.contact).toEqual({ name: '', email: '' });
  });
});

describe('two tabs', () => {
  it('have a draft each: what one sends, the other has not typed', async () => {
    const w = await world();
    await chat.start();
    chat.write('aquí');
    w.store.set('draft', 'en la otra');
    expect(chat.draft).toBe('aquí');
    chat.send(chat.draft);
    expect([chat.draft, w.store.get('draft')]).toEqual(['', 'en la otra']);
    chat.write('y esto');
    w.store.set('draft', ''); // the other sent its own
    chat.part();
    expect(w.store.get('draft')).toBe('y esto');
  });
});

describe('the chat of a page that is loaded closed', () => {
  it('is read for whom the site vouches for meanwhile', async () => {
    const c = { id: 'c', status: 'open', created_at: '2026-03-02T14:00:00.000Z' };
    const w = await world((_, path) => (path.startsWith('conversations') ? { items: [c] } : undefined));
    const started = chat.start(); // the loader's "close"
    chat.show(false);
    as('ana');
    await started;
    await turns();
    expect([chat.ready, chat.fault, w.lines()]).toEqual([true, false, 1]);
  });
});

describe('that he types', () => {
  it('is told again after his message came, for it undoes what was told before, and its end when the page goes', async () => {
    const c = { id: 'c', status: 'open', created_at: '2026-03-02T14:00:00.000Z' };
    const w = await world((_, path) => (path.startsWith('conversations') ? { items: [c] } : undefined));
    await chat.start();
    chat.write('Hola');
    chat.send('Hola');
    await turns();
    w.sends.length = 0;
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    for (let key = 0; key < 40; key++) {
      chat.write('y'.repeat(key + 1));
      vi.advanceTimersByTime(250);
    }
    chat.part();
    vi.useRealTimers();
    expect(w.sends.map((f) => (f as { on: boolean }).on)).toEqual([true, true, true, false]);
  });

  it('is told with the next key if it did not go', async () => {
    const c = { id: 'c', status: 'open', created_at: '2026-03-02T14:00:00.000Z' };
    const w = await world((_, path) => (path.startsWith('conversations') ? { items: [c] } : undefined));
    await chat.start();
    w.up(false);
    chat.write('H');
    w.up(true);
    w.sends.length = 0;
    chat.write('Ho');
    expect(w.sends).toEqual([{ type: 'typing', on: true }]);
  });
});

describe('an answer to a ticket', () => {
  it('that is taken when he has gone back is forgotten there, and what he types elsewhere stays', async () => {
    const t = { number: 5, subject: 's', status: 'new', updated_at: '2026-03-02T14:00:00.000Z' }, sent = held();
    await world((_, path) => {
      if (path === 'tickets/form') return { open: true, subject: true, services: [] };
      if (path.startsWith('tickets?')) return { items: [t] };
      if (path.startsWith('tickets/5?')) return { ticket: t, actions: [] };
      return path === 'tickets/5/actions' ? sent.answer : undefined;
    });
    await chat.start();
    const portal = await import('../src/portal/portal');
    vi.stubGlobal('BroadcastChannel', class { close() {} });
    await portal.arrive(() => []);
    portal.write();
    portal.type({ subject: 'A medias', said: 'larga historia' });
    await portal.list();
    await portal.read(5);
    portal.type({ said: 'mi respuesta' });
    const sending = portal.answer('mi respuesta');
    await settle();
    await portal.list(); // he goes back
    sent.free({});
    await sending;
    expect(portal.screen).toBe('list');
    portal.write();
    expect(portal.typed()).toEqual({ subject: 'A medias', said: 'larga historia' });
    await portal.read(5);
    expect(portal.typed()).toEqual({});
  });
});
