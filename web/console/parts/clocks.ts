// What contracts promise, as clocks that count down: the same in lists, beside a thread and on a ticket.
import type { Clock, Clocks } from '@relevo/shared/api/desk';

export const targets = ['first_response', 'next_response', 'resolution'] as const;
export type Target = (typeof targets)[number];

const soonShare = 1 / 3; // of the promise: then it is amber, if the contract does not say when it warns

/** How a clock stands at an instant: milliseconds that are left, or over; and the share of the promise that is left. */
export function standing(of: Clock, now: number): { state: 'done' | 'paused' | 'late' | 'due' | 'plain'; left: number; share: number } {
  const promised = Math.max(1, of.promised_seconds * 1000);
  const left = of.due && !of.paused ? Date.parse(of.due) - now : (of.remaining_seconds ?? 0) * 1000;
  const share = Math.min(1, Math.max(0, left / promised)); // the wall's clock has more time than the promise over a night
  if (of.ended_at) return { state: 'done', left, share };
  if (of.breached || left <= 0) return { state: 'late', left: Math.min(0, left), share: 1 };
  if (of.paused) return { state: 'paused', left, share };
  const soon = of.warn_at ? now >= Date.parse(of.warn_at) : share < soonShare;
  return { state: soon ? 'due' : 'plain', left, share };
}

/** The clock that comes due first of those that run. */
export function nextClock(clocks?: Clocks): { target: Target; clock: Clock; due: string } | undefined {
  let next: { target: Target; clock: Clock; due: string } | undefined;
  for (const target of targets) {
    const clock = clocks?.[target];
    if (clock?.due && !clock.ended_at && !clock.paused && (!next || clock.due < next.due)) next = { target, clock, due: clock.due };
  }
  return next;
}
