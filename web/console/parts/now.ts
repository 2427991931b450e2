import { useSyncExternalStore } from 'react';

const every = 20_000; // clocks on the page show minutes
let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, every);

/** The present, renewed often enough for clocks that show minutes. */
export const useNow = (): number => useSyncExternalStore((l) => {
  listeners.add(l);
  return () => listeners.delete(l);
}, () => now);
