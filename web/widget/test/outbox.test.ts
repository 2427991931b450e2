import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outbox } from '../src/outbox';
import { memory, settle } from './memory';

const offline = { status: 0, code: 'unavailable', later: true };

describe('outbox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends in order, once each', async () => {
    const sent: string[] = [], box = outbox(memory(), async (m) => void sent.push(m.client_id), () => {});
    for (const client_id of ['a', 'b', 'c']) box.add({ client_id, text: client_id });
    await settle();
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(box.items()).toEqual([]);
  });

  it('keeps what was written offline through a reload and sends it once', async () => {
    const store = memory(), sent: string[] = [];
    const before = outbox(store, () => Promise.reject(offline), () => {});
    before.add({ client_id: 'a', text: 'Hola' });
    await settle();
    const after = outbox(store, async (m) => void sent.push(m.client_id), () => {});
    expect(after.items()).toEqual([{ client_id: 'a', text: 'Hola' }]);
    await after.flush();
    await vi.advanceTimersByTimeAsync(60_000); // the first box's timer finds nothing left
    expect(sent).toEqual(['a']);
    expect(store.all.size).toBe(0);
  });

  it('backs off while the desk is gone, and goes on by itself', async () => {
    let tries = 0;
    const box = outbox(memory(), () => (++tries < 4 ? Promise.reject(offline) : Promise.resolve()), () => {});
    box.add({ client_id: 'a' });
    await settle();
    expect(tries).toBe(1);
    await vi.advanceTimersByTimeAsync(1300);
    expect(tries).toBe(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tries).toBe(4);
    expect(box.items()).toEqual([]);
  });

  it('holds a refused message for the customer and sends the next', async () => {
    const sent: string[] = [];
    const box = outbox(
      memory(),
      (m) => (m.text === 'no' && !sent.includes('again') ? Promise.reject({ status: 400, code: 'invalid', later: false }) : Promise.resolve(void sent.push(m.client_id))),
      () => {},
    );
    box.add({ client_id: 'a', text: 'no' });
    box.add({ client_id: 'b', text: 'yes' });
    await settle();
    expect(sent).toEqual(['b']);
    expect(box.items()).toEqual([{ client_id: 'a', text: 'no', fault: 'invalid' }]);
    sent.push('again');
    box.again('a');
    await settle();
    expect(sent).toEqual(['b', 'again', 'a']);
  });

  it('sends what came while the last one left', async () => {
    const sent: string[] = [], box = outbox(memory(), async (m) => void sent.push(m.client_id), () => {});
    const first = box.flush();
    box.add({ client_id: 'late' });
    await first;
    await settle();
    expect(sent).toEqual(['late']);
  });
});
