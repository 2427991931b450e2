import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { Refusal } from '../api/desk';
import { outbox, type Entry } from '../live/outbox';

let boxes = 0;
const open = (send: (e: Entry) => Promise<unknown>, name = `box${boxes++}`) => {
  const sent: Entry[] = [], refused: Entry[] = [];
  const box = outbox({ name, send: async (e) => { await send(e); sent.push(e); }, refused: (e) => refused.push(e), lock: async (_, run) => run(), random: () => 0 });
  return { box, sent, refused, name };
};
const entry = (id: string, lane = 'c1') => ({ id, lane, kind: 'message', body: { text: id } });
const offline = () => Promise.reject(new Refusal('offline', 0, 'no connection'));

describe('the outbox', () => {
  it('sends what is added, in order', async () => {
    const order: string[] = [];
    const { box } = open(async (e) => order.push(e.id));
    await box.add(entry('a'));
    await box.add(entry('b'));
    await box.flush();
    await vi.waitFor(() => expect(box.all()).toHaveLength(0));
    expect(order).toEqual(['a', 'b']);
  });
  it('shows what is added while it reads', async () => {
    const { box } = open(offline);
    const reading = box.reload(), adding = box.add(entry('a'));
    await Promise.all([reading, adding]);
    expect(box.all()).toHaveLength(1);
  });
  it('survives a reload, and sends with the same id', async () => {
    const first = open(offline);
    await first.box.add(entry('kept'));
    await vi.waitFor(() => expect(first.box.all()).toHaveLength(1));
    const seen: Entry[] = [];
    const second = open(async (e) => seen.push(e), first.name);
    await second.box.reload();
    await second.box.flush();
    expect(seen[0]).toMatchObject({ id: 'kept', body: { text: 'kept' } });
    await vi.waitFor(() => expect(second.box.all()).toHaveLength(0));
  });
  it('keeps the order of a conversation when the first does not go', async () => {
    let up = false;
    const order: string[] = [];
    const { box } = open(async (e) => {
      if (!up) return offline();
      return order.push(e.id);
    });
    await box.add(entry('a'));
    await box.add(entry('b'));
    await box.flush();
    expect(order).toEqual([]);
    up = true;
    await box.flush();
    await vi.waitFor(() => expect(order).toEqual(['a', 'b']));
  });
  it('marks what the desk refuses, and goes on with the rest', async () => {
    const { box, refused, sent } = open(async (e) => {
      if (e.id === 'bad') throw new Refusal('conflict', 409, 'closed');
    });
    await box.add(entry('bad'));
    await box.add(entry('good'));
    await box.flush();
    await vi.waitFor(() => expect(sent.map((e) => e.id)).toEqual(['good']));
    expect(refused.map((e) => e.id)).toEqual(['bad']);
    expect(box.all()).toMatchObject([{ id: 'bad', refused: { code: 'conflict' } }]);
  });
  it('tries again what was refused, once asked', async () => {
    let closed = true;
    const { box, sent } = open(async () => {
      if (closed) throw new Refusal('conflict', 409, 'closed');
    });
    await box.add(entry('a'));
    await box.flush();
    await vi.waitFor(() => expect(box.all()[0]?.refused).toBeDefined());
    closed = false;
    await box.retry('a');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
  });
  it('lets an act be taken back until it is due', async () => {
    const { box, sent } = open(async () => undefined);
    await box.add({ ...entry('close'), due: Date.now() + 60_000 });
    await box.flush();
    expect(sent).toEqual([]);
    expect(await box.remove('close')).toBe(true);
    await box.flush();
    expect(sent).toEqual([]);
  });
  it('sends what is due when its time comes', async () => {
    const { box, sent } = open(async () => undefined);
    await box.add({ ...entry('close'), due: Date.now() + 30 });
    await vi.waitFor(() => expect(sent).toHaveLength(1));
  });
});
