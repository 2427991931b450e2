// Acts whose answer was lost, or that a colleague was faster with.
import { Refusal } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const forgot: string[] = [], toasts: string[] = [], removed: string[] = [];
vi.mock('../shell/words', () => ({ say: (key: string) => key, known: () => true, spoken: () => 'en' }));
vi.mock('../shell/toasts', () => ({ toast: (text: string) => toasts.push(text), dismiss() {}, complain: (_: unknown, text: string) => toasts.push(text), reasonOf: () => 'why' }));
vi.mock('../parts/useDraft', () => ({ forgetDraft: (name: string) => forgot.push(name) }));
vi.mock('../shell/left', () => ({ leftTicket: { set() {} } }));
const box = { all: () => [], remove: async (id: string) => removed.push(id) > 0 };
vi.mock('../shell/live', () => ({ isShown: () => true, line: () => ({ expect() {} }), outbox: () => box }));
let asked: (method: string, path: string) => Promise<unknown>;
vi.mock('../shell/desk', async () => {
  const { QueryClient } = await import('@tanstack/react-query');
  const method = (name: string) => (path: string) => asked(name, path);
  return {
    cache: new QueryClient({ defaultOptions: { queries: { retry: false } } }), data: (x: unknown) => x, desk: { GET: method('GET'), POST: method('POST') }, nameOf: () => '',
    meQuery: { queryKey: ['me'] }, countsQuery: { queryKey: ['counts'] }, agentsQuery: { queryKey: ['agents'] }, departmentsQuery: { queryKey: ['departments'] }, labelsQuery: { queryKey: ['labels'] },
  };
});
const { cache } = await import('../shell/desk');
const { conversationQuery, findConversation, putConversation } = await import('../conversations/cache');
const acts = await import('../conversations/acts'), { undone } = await import('../conversations/undone');
const sending = await import('../shell/sending');

const of = (more: object) => ({ id: 'c', version: 1, labels: [], priority: 'normal', status: 'open', allowed: [], contact: { name: 'Ana' }, ...more }) as never;
const opened = (conversation: object, messages: object[] = []) => ({ conversation: of(conversation), messages, more: false });
const keep = (conversation: object) => cache.setQueryData(conversationQuery('c').queryKey, opened(conversation) as never);
const failing = () => Promise.reject(new Refusal('unavailable', 503, 'x'));
const closedBy = (id: string) => ({ id: 'z', kind: 'activity', event: 'conversation.closed', at: new Date().toISOString(), author: { kind: 'user', id } });
const entry = (kind: string, body: unknown): Entry => ({ id: 'e', lane: 'c', kind, body, at: 0, due: 0 });

beforeEach(() => {
  cache.clear();
  cache.setQueryData(['me'], { agent: { id: 'me' } });
  undone.set([]);
  forgot.length = toasts.length = removed.length = 0;
});

describe('an act whose answer was lost', () => {
  it('puts nothing old over what the line told', async () => {
    keep({});
    asked = (method) => {
      if (method === 'POST') putConversation(of({ version: 2, labels: ['vip'] })); // the desk did it and told of it
      return failing();
    };
    await acts.setLabels('c', ['vip']);
    expect(findConversation('c')).toMatchObject({ version: 2, labels: ['vip'] });
  });
  it('is taken back where nothing was told', async () => {
    keep({});
    asked = failing;
    await acts.setLabels('c', ['vip']);
    expect(findConversation('c')).toMatchObject({ version: 1, labels: [] });
  });
  it('has the conversation read again', async () => {
    keep({});
    asked = async (method) => (method === 'POST' ? failing() : opened({ version: 2, labels: ['vip'] }));
    await acts.setLabels('c', ['vip']);
    await vi.waitFor(() => expect(findConversation('c')).toMatchObject({ version: 2, labels: ['vip'] }));
  });
});

describe('B63: what one wrote to close with', () => {
  const mine = entry('close', { note: { summary: 'a long summary' } });
  const desk = (by: string, note?: object) => async () => opened({ version: 5, status: 'resolved', note }, [closedBy(by)]);
  const conflict = new Refusal('conflict', 409, 'it is resolved');

  it('is kept, and told of, when a colleague closed it first', async () => {
    asked = desk('other', { summary: 'hers' });
    sending.refusedLater(mine, conflict);
    await vi.waitFor(() => expect(toasts).toEqual(['refused.faster']));
    expect(forgot).toEqual([]);
  });
  it('is forgotten when the close was one’s own', async () => {
    asked = desk('me', { summary: 'a long summary' });
    sending.refusedLater(mine, conflict);
    await vi.waitFor(() => expect(forgot).toEqual(['close.c']));
    expect(toasts).toEqual([]);
  });
  it('is kept when one closed it with other words', async () => {
    asked = desk('me', { summary: 'short' });
    sending.refusedLater(mine, conflict);
    await vi.waitFor(() => expect(toasts).toHaveLength(1));
    expect(forgot).toEqual([]);
  });
  it('is kept when the desk failed and a colleague closed it', async () => {
    asked = desk('other', { summary: 'hers' });
    await sending.gaveUp(mine, new Refusal('unavailable', 503, 'x'), false, box as never);
    expect([forgot, removed, toasts.length]).toEqual([[], [], 1]);
  });
});
