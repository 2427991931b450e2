import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wait } from '../live/backoff';
import type { Frame, LineState, Socket } from '../live/line';
import { watchingLine } from '../live/watches';

class Wire implements Socket {
  sent: Record<string, unknown>[] = [];
  closed = false;
  ticket?: string;
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.onopen?.();
  }
  hear(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  lose(): void {
    this.onclose?.();
  }
}

const setUp = (ticket: () => Promise<string> = async () => 't') => {
  const wires: Wire[] = [], heard: Frame[] = [], states: LineState[] = [];
  let caughtUp = 0;
  const line = watchingLine({
    random: () => 1, hear: (f) => heard.push(f), state: (s) => states.push(s), caughtUp: () => caughtUp++,
    async connect() {
      await ticket();
      const wire = new Wire();
      wires.push(wire);
      return wire;
    },
  });
  return { line, wires, heard, states, caughtUps: () => caughtUp, last: () => wires[wires.length - 1] as Wire };
};
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the line', () => {
  it('watches again and catches up once the desk has said ok', async () => {
    const s = setUp();
    s.line.watch('c1');
    s.line.start();
    await settle();
    s.last().open();
    expect(s.last().sent).toMatchObject([{ type: 'watch', conversation: 'c1' }]);
    expect(s.caughtUps()).toBe(0);
    s.last().hear({ type: 'ok', id: String(s.last().sent[0]?.['id']) });
    await settle();
    expect(s.caughtUps()).toBe(1);
  });
  it('watches tickets, one and all', async () => {
    const s = setUp();
    s.line.watch('ticket/1042');
    s.line.start();
    await settle();
    s.last().open();
    s.line.watch('tickets');
    s.line.unwatch('ticket/1042');
    s.line.unwatch('tickets');
    expect(s.last().sent).toMatchObject([{ type: 'watch_ticket', ticket: 1042 }, { type: 'watch_tickets' }, { type: 'unwatch_ticket', ticket: 1042 }, { type: 'unwatch_tickets' }]);
  });
  it('tells which version of a ticket is watched, so that who read an earlier one reads again', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    s.line.watch('ticket/1042');
    s.line.watch('c1');
    const ids = s.last().sent.map((f) => String(f['id']));
    s.last().hear({ type: 'ok', id: ids[0] as string, version: 7 });
    s.last().hear({ type: 'ok', id: ids[1] as string });
    expect(s.heard).toEqual([{ type: 'ticket.watched', data: { number: 1042, version: 7 } }]);
    s.last().hear({ type: 'ok', id: ids[0] as string, version: 7 });
    expect(s.heard).toHaveLength(1);
  });
  it('looks a second time for what it may have missed, unless it is gone', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().ticket = 't1';
    s.last().open();
    await settle();
    expect(s.states).toEqual([{ up: true, name: 't1' }]);
    expect(s.caughtUps()).toBe(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(s.caughtUps()).toBe(2);
    s.last().lose();
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    s.last().open();
    await settle();
    expect(s.caughtUps()).toBe(3);
    s.last().lose();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(s.caughtUps()).toBe(3);
  });
  it('drops doubles', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    s.last().hear({ id: 'f1', type: 'message.created' });
    s.last().hear({ id: 'f1', type: 'message.created' });
    expect(s.heard).toHaveLength(1);
  });
  it('pings every 50 s, and takes another socket when nothing comes back', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(s.last().sent).toEqual([{ type: 'ping' }]);
    s.last().hear({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(s.last().sent).toEqual([{ type: 'ping' }, { type: 'ping', quiet: true }]); // the pong was heard since the last
    await vi.advanceTimersByTimeAsync(50_000);
    expect(s.last().sent).toHaveLength(3);
    expect(s.wires).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_250);
    expect(s.wires).toHaveLength(2);
    expect(s.wires[0]?.closed).toBe(true);
  });
  it('finds out within seconds of an act that the other end is gone, however much is done', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    s.line.watch('c1');
    await vi.advanceTimersByTimeAsync(1000);
    s.line.expect();
    await vi.advanceTimersByTimeAsync(1000);
    expect(s.last().sent).toMatchObject([{ type: 'watch' }, { type: 'ping' }]);
    for (let n = 0; n < 4; n++) {
      s.line.expect();
      s.line.nudge();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(s.wires).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1250);
    expect(s.wires).toHaveLength(2);
    expect(s.last().closed).toBe(false);
  });
  it('asks nothing where an act was heard of, nor while nothing is done', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    s.line.watch('c1');
    s.last().hear({ type: 'ok', id: String(s.last().sent[0]?.['id']) });
    s.line.expect();
    s.last().hear({ id: 'f1', type: 'message.created' });
    await vi.advanceTimersByTimeAsync(49_000);
    expect(s.last().sent).toHaveLength(1);
  });
  it('is tried at once when the page is shown again, and stays when it answers', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    s.line.nudge();
    expect(s.last().sent).toEqual([{ type: 'ping' }]);
    s.last().hear({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(s.wires).toHaveLength(1);
    s.line.nudge();
    await vi.advanceTimersByTimeAsync(5250);
    expect(s.wires).toHaveLength(2);
  });
  it('comes back at once, then with longer and longer pauses', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    s.last().lose();
    await vi.advanceTimersByTimeAsync(250);
    expect(s.wires).toHaveLength(2);
    s.last().lose();
    await vi.advanceTimersByTimeAsync(999);
    expect(s.wires).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(s.wires).toHaveLength(3);
    s.last().lose();
    await vi.advanceTimersByTimeAsync(2000);
    expect(s.wires).toHaveLength(4);
  });
  it('tries again when no ticket is to be had', async () => {
    let refused = 0;
    const s = setUp(async () => {
      if (refused++ < 2) throw new Error('503');
      return 't';
    });
    s.line.start();
    await vi.advanceTimersByTimeAsync(1500);
    expect(s.wires).toHaveLength(1);
  });
  it('renews its socket before two hours', async () => {
    const s = setUp();
    s.line.start();
    await settle();
    s.last().open();
    for (let minutes = 0; minutes < 111; minutes++) {
      await vi.advanceTimersByTimeAsync(60_000);
      if (!s.last().closed) s.last().hear({ type: 'pong' });
    }
    expect(s.wires.length).toBeGreaterThan(1);
  });
});

describe('the pauses', () => {
  it('grow to 30 s and never beyond', () => {
    expect([0, 1, 2, 3, 9].map((n) => wait(n, () => 1))).toEqual([250, 1000, 2000, 4000, 30_000]);
    expect(wait(9, () => 0)).toBe(15_000);
  });
});
