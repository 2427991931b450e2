import type { Keep } from '../src/keep';

/** A store that outlives the objects that use it, as localStorage does. */
export function memory(): Keep & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return { all, get: (name) => all.get(name) ?? '', set: (name, value) => void (value ? all.set(name, value) : all.delete(name)) };
}

/** Lets everything that is ready go on. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};
