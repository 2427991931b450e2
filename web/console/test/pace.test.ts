import { beforeEach, describe, expect, it, vi } from 'vitest';

let keydown: (e: { target: unknown }) => void;
const done: string[] = [];
const reported: unknown[] = [];
const note = (what: string) => () => void done.push(what);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  done.length = reported.length = 0;
  vi.stubGlobal('addEventListener', (_: string, run: typeof keydown) => { keydown = run; });
  vi.stubGlobal('HTMLElement', class { isContentEditable = true; });
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
  vi.stubGlobal('reportError', (cause: Error) => reported.push(cause.message));
  return () => vi.useRealTimers();
});

const type = () => keydown({ target: new (HTMLElement as unknown as new () => object)() });

describe('what comes while one types', () => {
  it('is done, though something before it fails', async () => {
    const { afterPaint } = await import('../shell/pace');
    afterPaint(() => { throw new Error('a bad frame'); });
    afterPaint(note('kept'));
    await pass(500);
    afterPaint(note('kept again'));
    await pass(500);
    expect([reported, done]).toEqual([['a bad frame'], ['kept', 'kept again']]);
  });

  it('is shown at once when nobody types', async () => {
    const { betweenKeys } = await import('../shell/pace');
    betweenKeys(note('now'));
    expect(done).toEqual(['now']);
  });

  it('is shown after the next letter of one who types slowly, in its order', async () => {
    const { betweenKeys } = await import('../shell/pace');
    type();
    await pass(140);
    betweenKeys(note('first'));
    betweenKeys(note('second'));
    type();
    expect(done).toEqual([]);
    await pass(30);
    expect(done).toEqual(['first', 'second']);
  });

  it('gathers while one types fast, but is not put off for ever', async () => {
    const { betweenKeys } = await import('../shell/pace');
    type();
    betweenKeys(note('first'));
    for (let ms = 0; ms < 960; ms += 60) { await pass(60); type(); }
    expect(done).toEqual([]);
    for (let ms = 0; ms < 240; ms += 60) { await pass(60); type(); }
    expect(done).toEqual(['first']);
  });

  it('is shown when one pauses', async () => {
    const { betweenKeys } = await import('../shell/pace');
    type();
    await pass(60);
    type();
    betweenKeys(note('first'));
    await pass(160);
    expect(done).toEqual(['first']);
  });

  it('waits for no paint where nothing is painted', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    const { afterPaint, betweenKeys } = await import('../shell/pace');
    type();
    betweenKeys(note('news'));
    afterPaint(note('letter'));
    await pass(160);
    expect(done).toEqual(['letter', 'news']);
  });
});
