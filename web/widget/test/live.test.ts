import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveLine } from '../src/live';

/** A socket that does what it is told. */
class Socket {
  static all: Socket[] = [];
  readyState = 0;
  sent: string[] = [];
  onopen?: () => void;
  onclose?: (() => void) | null;
  onmessage?: ((e: { data: string }) => void) | null;
  constructor(readonly address: string) {
    Socket.all.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

describe('live line', () => {
  const heard: string[] = [], states: boolean[] = [];
  let reads = 0, tickets = 0;
  const begin = () => liveLine({ address: async () => `ws://desk/${++tickets}`, opened: async () => void reads++, hear: (f) => heard.push(f.id), state: (s) => states.push(s) });
  const last = () => Socket.all.at(-1)!;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', Socket);
    heard.length = states.length = Socket.all.length = reads = tickets = 0;
  });
  afterEach(() => void vi.useRealTimers());

  it('reads again after each connect, with a new ticket each', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    last().open();
    await vi.advanceTimersByTimeAsync(0);
    last().close();
    await vi.advanceTimersByTimeAsync(300);
    last().open();
    await vi.advanceTimersByTimeAsync(0);
    expect([reads, tickets, states]).toEqual([2, 2, [true, false, true]]);
  });

  it('drops doubles and answers', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    last().open();
    for (const id of ['1', '1', '2']) last().says({ id, type: 'message.created', data: {} });
    last().says({ type: 'pong' });
    expect(heard).toEqual(['1', '2']);
  });

  it('backs off', async () => {
    begin();
    const at: number[] = [];
    for (let n = 0; n < 6; n++) {
      await vi.advanceTimersByTimeAsync(0);
      at.push(Socket.all.length);
      last().close();
      await vi.advanceTimersByTimeAsync([250, 1250, 2500, 5000, 10_000, 20_000][n]!);
    }
    expect(at).toEqual([1, 2, 3, 4, 5, 6]);
    last().close();
    await vi.advanceTimersByTimeAsync(22_000);
    expect(Socket.all.length).toBe(7);
  });

  it('pings every 30 s and lets go of a dead line', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    last().open();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(last().sent).toEqual(['{"type":"ping"}']);
    last().says({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(last().sent.length).toBe(2);
    await vi.advanceTimersByTimeAsync(8300); // nothing comes back
    expect(Socket.all.length).toBe(2);
  });

  it('connects at once when woken, and only once', async () => {
    const line = begin();
    await vi.advanceTimersByTimeAsync(0);
    last().close();
    await vi.advanceTimersByTimeAsync(250);
    last().close(); // the next try would come in a second
    const before = Socket.all.length;
    line.wake();
    line.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(Socket.all.length).toBe(before + 1);
  });
});
