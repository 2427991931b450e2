import { describe, expect, it } from 'vitest';
import type { Frame, Listener } from '../live/line';
import { SharedLine, type Channel, type Lock } from '../live/tabs';

class Air {
  private ends = new Set<Channel>();
  channel(): Channel {
    const end: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of this.ends) if (other !== end) other.onmessage?.({ data: structuredClone(data) });
      },
      close: () => void this.ends.delete(end),
    };
    this.ends.add(end);
    return end;
  }
}

const lockOf = (): Lock => {
  let last = Promise.resolve();
  return (_, run) => (last = last.then(run));
};

const setUp = () => {
  const air = new Air(), lock = lockOf();
  const lines: { watched: Set<string>; said: unknown[]; listener: Listener; stopped: boolean }[] = [];
  const tab = (name: string) => {
    const heard: Frame[] = [];
    let caughtUp = 0;
    const shared = new SharedLine({
      name: 'line', tab: name, lock, channel: air.channel(),
      listener: { hear: (f) => heard.push(f), caughtUp: () => caughtUp++, state: () => undefined },
      line: (listener) => {
        const made = { watched: new Set<string>(), said: [] as unknown[], listener, stopped: false };
        lines.push(made);
        return { start: () => listener.state({ up: true }), stop: () => { made.stopped = true; }, watch: (c) => void made.watched.add(c), unwatch: (c) => void made.watched.delete(c), send: (f) => made.said.push(f) > 0, nudge: () => undefined, expect: () => undefined };
      },
    });
    shared.start();
    return { shared, heard, caughtUps: () => caughtUp };
  };
  return { tab, lines };
};
const settle = () => new Promise((done) => setImmediate(done));

describe('tabs', () => {
  it('share one line', async () => {
    const { tab, lines } = setUp();
    const one = tab('one'), two = tab('two');
    await settle();
    expect(lines).toHaveLength(1);
    lines[0]?.listener.hear({ id: 'f', type: 'seat' });
    expect([one.heard.length, two.heard.length]).toEqual([1, 1]);
  });
  it('watch what any of them shows, until none does', async () => {
    const { tab, lines } = setUp();
    const one = tab('one'), two = tab('two');
    await settle();
    one.shared.watch('c1');
    two.shared.watch('c1');
    two.shared.watch('c2');
    expect([...(lines[0]?.watched ?? [])]).toEqual(['c1', 'c2']);
    one.shared.unwatch('c1');
    expect(lines[0]?.watched.has('c1')).toBe(true);
    two.shared.unwatch('c1');
    expect(lines[0]?.watched.has('c1')).toBe(false);
  });
  it('speak through the owner', async () => {
    const { tab, lines } = setUp();
    tab('one');
    const two = tab('two');
    await settle();
    expect(two.shared.send({ type: 'typing' })).toBe(true);
    expect(lines[0]?.said).toEqual([{ type: 'typing' }]);
  });
  it('hand the line on when the owner closes', async () => {
    const { tab, lines } = setUp();
    const one = tab('one'), two = tab('two');
    await settle();
    two.shared.watch('c2');
    one.shared.stop();
    await settle();
    expect(lines[0]?.stopped).toBe(true);
    expect(lines).toHaveLength(2);
    expect([...(lines[1]?.watched ?? [])]).toEqual(['c2']);
  });
});
