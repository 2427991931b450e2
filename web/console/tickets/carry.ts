// A card in the hand of the keyboard: space takes it up, the arrows carry it, space or Enter lays it down, Escape takes it back.
export interface Carried {
  number: number;
  from: string;
  to: string;
}

/** The card that was moved last: wherever it is drawn next, it keeps the focus, unless something else took it. */
export const hand: { last?: number } = {};

export type Carrying = { kind: 'over'; carried: Carried } | { kind: 'drop'; carried: Carried } | { kind: 'cancel'; carried: Carried };

/** What a key does to a card that is carried; undefined if nothing. */
export function carry(carried: Carried, key: string, columns: readonly string[], backward = false): Carrying | undefined {
  if (key === ' ' || key === 'Enter') return { kind: 'drop', carried };
  if (key === 'Escape') return { kind: 'cancel', carried };
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const at = columns.indexOf(carried.to);
  const to = key === 'Home' ? columns[0] : key === 'End' ? columns.at(-1) : step && columns[Math.max(0, Math.min(columns.length - 1, at + (backward ? -step : step)))];
  return to ? { kind: 'over', carried: { ...carried, to } } : undefined;
}
