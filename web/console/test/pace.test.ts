import { expect, it, vi } from 'vitest';

it('what waits for a letter is done, though something before it fails', async () => {
  const reported: unknown[] = [], done: string[] = [];
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('HTMLElement', class {});
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
  vi.stubGlobal('reportError', (cause: Error) => reported.push(cause.message));
  const { afterPaint } = await import('../shell/pace');
  afterPaint(() => { throw new Error('a bad frame'); });
  afterPaint(() => void done.push('kept'));
  await vi.advanceTimersByTimeAsync(500);
  afterPaint(() => void done.push('kept again'));
  await vi.advanceTimersByTimeAsync(500);
  expect([reported, done]).toEqual([['a bad frame'], ['kept', 'kept again']]);
  vi.useRealTimers();
});
