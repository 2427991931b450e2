import type { Message } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { describe, expect, it } from 'vitest';
import { kept, piecesOf, quotedIn } from '../thread/flow';

let minute = 0;
const message = (over: Partial<Message> & { after?: number }): Message => {
  const { after = 1, ...rest } = over;
  minute += after;
  const at = new Date(Date.UTC(2026, 2, 2, 14, minute)).toISOString();
  return { id: String(minute).padStart(6, '0'), conversation: 'c', kind: 'message', author: { kind: 'customer' }, content: 'text', text: 'x', attachments: [], automatic: false, at, ...rest } as Message;
};
const kinds = (messages: Message[], waiting: Entry[] = [], fresh?: string) => piecesOf(messages, waiting, fresh).map((p) => p.kind);
const luis = { kind: 'user', id: 'luis', name: 'Luis' } as const;

describe('a thread', () => {
  it('groups messages of one author within five minutes', () => {
    expect(kinds([message({}), message({}), message({ after: 6 }), message({ author: luis })])).toEqual(['day', 'turn', 'turn', 'turn']);
  });
  it('cuts a long turn, at the same messages when older ones come before it', () => {
    const all = Array.from({ length: 200 }, (_, i) => message({ after: 0.01, id: `${String(i).padStart(4, '0')}${'0123456789abcdefghijklmnopqrstuv'[(i * 7) % 32]}` }));
    const keys = (from: number) => piecesOf(all.slice(from), [], undefined).filter((p) => p.kind === 'turn').map((p) => p.key);
    expect(keys(0).length).toBeGreaterThan(8);
    expect(keys(0).slice(-(keys(100).length - 1))).toEqual(keys(100).slice(1));
  });
  it('keeps what the customer never sees apart (B30, B47)', () => {
    expect(kinds([message({}), message({ kind: 'note', author: luis }), message({ kind: 'activity', event: 'conversation.transferred', author: luis }), message({})])).toEqual(['day', 'turn', 'inner', 'inner', 'turn']);
  });
  it('draws one line of activity as it is and folds a run (B33)', () => {
    const act = () => message({ kind: 'activity', event: 'conversation.opened' });
    expect(kinds([message({}), act(), message({}), act(), act(), act()])).toEqual(['day', 'turn', 'act', 'turn', 'fold']);
  });
  it('leaves it to the beginning of the thread to say that it began', () => {
    expect(piecesOf([message({ kind: 'activity', event: 'conversation.created' }), message({ author: { kind: 'customer' } })], [], undefined).map((p) => p.kind)).toEqual(['day', 'turn']);
  });
  it('begins a day with its line', () => {
    expect(kinds([message({}), message({ after: 3 * 24 * 60 })])).toEqual(['day', 'turn', 'day', 'turn']);
  });
  it('draws the new line before the first that was not read', () => {
    const read = message({}), fresh = message({ after: 9 }), more = message({});
    const pieces = piecesOf([read, fresh, more], [], read.id);
    expect(pieces.map((p) => p.kind)).toEqual(['day', 'turn', 'fresh', 'turn']);
    expect(pieces[2]).toMatchObject({ count: 2 });
  });
  it('shows what waits at the end until the desk has stored it', () => {
    const entry = { id: 'mine', lane: 'c', kind: 'message', body: {}, at: 0, due: 0 };
    expect(kinds([message({})], [entry])).toEqual(['day', 'turn', 'waiting']);
    expect(kinds([message({ client_id: 'mine' })], [entry])).toEqual(['day', 'turn']);
  });
  it('draws anew only what changed', () => {
    const first = message({}), note = message({ kind: 'note', author: luis }), last = message({});
    const before = piecesOf([first, note, last], [], undefined);
    const after = kept(before, piecesOf([first, { ...note, text: 'y' }, last, message({})], [], undefined));
    expect(after.map((p, i) => p === before[i])).toEqual([true, true, false, false]);
  });
  it('knows the messages that others answer, and when one of them changes', () => {
    const asked = message({}), answer = message({ reply_to: asked.id });
    const before = quotedIn([asked, answer], new Map());
    expect([...before.keys()]).toEqual([asked.id]);
    expect(quotedIn([asked, answer, message({})], before)).toBe(before);
    expect(quotedIn([{ ...asked, text: '' }, answer], before).get(asked.id)?.text).toBe('');
  });
});
