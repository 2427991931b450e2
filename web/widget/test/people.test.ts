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

type Answer = (method: string, path: string, body: any, as: string) => unknown;

vi.setConfig({ testTimeout: 60_000 });
/** Waits until a check passes; on a slow machine, for long. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 });

let worlds = 0;
let chat: typeof import('../src/chat');

/** The whole of the way to a desk that answers what it is told to, and writes down who asked it what. To "sessions" it gives
 *  one whose token says whose it is. */
async function world(answer: Answer = () => undefined) {
  vi.resetModules(); // the chat is a module
  chat = await import('../src/chat');
  const posts: { as: string; text: string; id: string }[] = [], sends: object[] = [], store = memory(), mine = ++worlds;
  const sessions: Session[] = [];
  let n = 0, lines = 0, up = true;
  const given = async (method: string, path: string, body: any, as: string): Promise<unknown> => {
    if (method === 'POST' && path === 'messages') posts.push({ as, text: body.text, id: body.client_id });
    const said = await answer(method, path, body, as);
    if (said !== undefined) return said;
    if (path === 'sessions') return { token: body.identity?.user_id ?? body.secret ?? '', expires_at: new Date(Date.now() + 1_800_000).toISOString(), inbox: {} };
    if (path === 'contact') return { name: '', email: '' };
    if (path.startsWith('conversations')) return { items: [] };
    if (path === 'messages') return message(`m${++n}`, { ...body, conversation: 'c' });
    return method === 'GET' ? { messages: [], more: false } : {};
  };
  vi.stubGlobal('fetch', async (url: string, { method, headers, body }: any = {}) => {
    if (!url.startsWith('/widget/v1/')) return { ok: true, json: async () => [] }; // words
    try {
      const said = await given(method, url.slice(11), body && JSON.parse(body), headers.Authorization?.slice(7) ?? '');
      return { ok: true, status: 200, json: async () => said };
    } catch (refusal) {
      const { status } = refusal as { status: number };
      if (status) return { ok: false, status, json: async () => ({ error: refusal }) };
      throw refusal;
    }
  });
  const box = (user: string, o: any) =>
    outbox({ ...o, name: `people${mine}${user}`, random: () => 0, lock: (_: string, run: () => Promise<void>) => run() });
  const begin = async () => {
    const { desk } = await import('../src/desk');
    const call = desk(async () => ({}), 'web', (session) => {
      sessions.push(session);
      chat.meet(session);
    });
    chat.begin({ store, call, box, changed() {}, room: 1, newID: () => `id${++n}`, line: () => (lines++, { start() {}, stop() {}, ask() {}, tell() {}, send: (f) => up && sends.push(f) > 0 }) });
  };
  const again = async () => {
    vi.resetModules();
    chat = await import('../src/chat');
    await begin();
  };
  await begin();
  return { posts, sessions, store, box, sends, again, lines: () => lines, up: (now: boolean) => void (up = now) };
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
    await until(() => expect(chat.box.all()).toHaveLength(1));
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
    await until(() => expect(w.posts).toHaveLength(1));
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

describe('who comes while a session is bought', () => {
  type World = Awaited<ReturnType<typeof world>>;
  const byCode = ({ store }: World, name: string) => {
    store.set('secret', name);
    store.set('me', `${name}@example.com`);
    void chat.restart();
  };
  const bySite = (_: World, name: string) => as(name, { name });

  it.each([
    ['his site tells', 'ended', bySite],
    ['his site tells', 'was refused', bySite],
    ['his site tells', 'ended before he was introduced', bySite],
    ['he entered a code', 'ended', byCode],
    ['he entered a code', 'was refused', byCode],
  ] as const)('sends and tells only what is his: %s, the old one %s', async (_, old, come) => {
    let hold: Promise<unknown> | undefined, deny = false;
    const renewal = held(), asked: string[] = [];
    const w = await world(async (method, path, body, by) => {
      if (path === 'sessions') {
        const until = hold;
        hold = undefined;
        await until;
      }
      if (method === 'PATCH' && body.name) asked.push(`${by} is ${body.name}`);
      if (method !== 'POST' || path !== 'messages') return undefined;
      if (deny) {
        deny = false;
        throw { status: 401 };
      }
      asked.push(`${by}: ${body.text}`);
      return undefined;
    });
    come(w, 'ana');
    await chat.start();
    await turns();
    if (!old.includes('introduced')) {
      chat.send('Hola');
      await until(() => expect(asked.at(-1)).toBe('ana: Hola'));
    }
    await turns();
    asked.length = 0;
    hold = renewal.answer;
    deny = old === 'was refused';
    if (!deny) w.sessions.at(-1)!.expires_at = new Date(0).toISOString();
    chat.send('mi secreto');
    await until(() => expect(hold).toBeUndefined());
    come(w, 'bob');
    await turns();
    renewal.free(undefined);
    await until(() => expect(chat.ready).toBe(true));
    await turns();
    expect(asked).toEqual([]);
    chat.send('de quien vino');
    await until(() => expect(asked.at(-1)).toBe('bob: de quien vino'));
    expect(asked.filter((said) => said !== 'bob is bob')).toEqual(['bob: de quien vino']);
    come(w, 'ana'); // whose message waited for her
    await chat.start();
    await until(() => expect(asked.at(-1)).toBe('ana: mi secreto'));
  });
});

describe('what a guest wrote and is not sent', () => {
  it('comes along once what is on its way has arrived, so that nothing goes twice', async () => {
    const sent = held();
    const w = await world((method, path) => (method === 'POST' && path === 'messages' ? sent.answer : undefined));
    await chat.start();
    chat.send('Hola');
    await until(() => expect(w.posts).toHaveLength(1));
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
    await until(() => expect(w.posts).not.toEqual([]));
    await turns();
    await w.again(); // a page of his site that tells who he is before anything is read
    as('u-7');
    await chat.start();
    await until(() => expect(chat.box.all().map((e) => (e.body as { text: string }).text)).toEqual(['uno', 'dos']));
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
    await until(() => expect(chat.ready).toBe(true));
    expect(chat.draft).toBe('como invitada');
    chat.identify({ user_id: '' });
    expect([chat.user(), chat.draft]).toEqual(['', '']);
    as('bob');
    await until(() => expect(chat.ready).toBe(true));
    expect(chat.draft).toBe('');
  });

  it('stays his when the word of his site is not good', async () => {
    await world((_, path, { identity } = {} as any) => (path === 'sessions' && identity ? Promise.reject({ status: 403 }) : undefined));
    await chat.start();
    chat.write('como invitada');
    as('ana');
    await until(() => expect(chat.ready).toBe(true));
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
    const telling = chat.tell({ name: 'Ana' });
    await turns();
    as('bob');
    told.free({ name: 'Ana', email: 'ana@example.com' });
    await telling;
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

describe('what the desk took, when its answer is lost', () => {
  /** A desk that takes one message for a client id, as ours does, and loses its first answer. */
  async function forgetful() {
    const taken: Record<string, { number: number; text: string }> = {}, counts = { lost: 0 };
    await world((method, path, body) => {
      if (method === 'POST' && path.startsWith('tickets')) {
        const ticket = (taken[body.client_id] ??= { number: Object.keys(taken).length + 1, text: body.text });
        if (path !== 'tickets' && ticket.text !== body.text) throw { status: 409, code: 'conflict', field: 'client_id' };
        if (!counts.lost++) throw { status: 0 };
        return ticket;
      }
      if (/^tickets\/\d/.test(path)) return { ticket: { number: Number(/\d+/.exec(path)![0]) }, actions: [] };
      return path.startsWith('tickets') ? { items: [], services: [] } : undefined;
    });
    await chat.start();
    const portal = await import('../src/portal/portal');
    await portal.arrive(() => []);
    const writes = async (said: string, at?: number) => {
      await (at ? portal.read(at) : portal.write());
      portal.type({ said });
      await (at ? portal.answer(said) : portal.ask(undefined, undefined, said)).catch(() => undefined);
    };
    return { portal, writes, texts: () => Object.values(taken).map((t) => t.text) };
  }

  it('is taken once when it is sent again', async () => {
    const { portal, writes, texts } = await forgetful();
    await writes('A');
    await writes('A');
    expect([texts(), portal.screen, portal.typed()]).toEqual([['A'], 'ticket', {}]);
  });

  it('is not shown for another ticket, which is made', async () => {
    const { portal, writes, texts } = await forgetful();
    await writes('A');
    await portal.list(); // he sees that A is there
    await writes('B, de otra cosa');
    expect([texts(), portal.shown!.ticket.number]).toEqual([['A', 'B, de otra cosa'], 2]);
  });

  it('does not hold up an answer to which he adds a word', async () => {
    const { portal, writes, texts } = await forgetful();
    await writes('Hola', 7);
    await writes('Hola, y algo más', 7);
    expect([texts(), portal.fault, portal.typed()]).toEqual([['Hola', 'Hola, y algo más'], undefined, {}]);
  });

  it('gets another id when the desk knows that of something else', async () => {
    const ids: string[] = [];
    await world((_, path, body) => {
      if (path === 'tickets/7/actions' && ids.push(body.client_id) === 1) throw { status: 409, code: 'conflict', field: 'client_id' };
      if (path.startsWith('tickets/7')) return { ticket: { number: 7 }, actions: [] };
      return path.startsWith('tickets') ? { items: [], services: [] } : undefined;
    });
    await chat.start();
    const portal = await import('../src/portal/portal');
    await portal.arrive(() => []);
    await portal.read(7);
    await expect(portal.answer('Hola')).rejects.toMatchObject({ field: 'client_id' });
    await portal.answer('Hola');
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a ticket that is made when he writes another already', () => {
  it('does not forget that one', async () => {
    const made = held();
    await world((method, path) => {
      if (path === 'tickets' && method === 'POST') return made.answer;
      return path.startsWith('tickets') ? { items: [], services: [] } : undefined;
    });
    await chat.start();
    const portal = await import('../src/portal/portal');
    await portal.arrive(() => []);
    portal.write();
    portal.type({ said: 'A' });
    const making = portal.ask(undefined, undefined, 'A');
    await portal.list();
    portal.write();
    portal.type({ said: 'B' });
    made.free({ number: 1 });
    await making;
    expect([portal.screen, portal.typed()]).toEqual(['new', { said: 'B' }]);
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
