// A target as people say it, "15 minutes", and as the desk keeps it, in seconds.
export const units = { minutes: 60, hours: 3600, days: 86_400 } as const;
export type Unit = keyof typeof units;

export const longest = 30 * units.days; // seconds, as the contract says

/** The largest unit in which it is a whole number. */
export function unitOf(seconds: number): Unit {
  if (seconds > 0 && seconds % units.days === 0) return 'days';
  if (seconds > 0 && seconds % units.hours === 0) return 'hours';
  return 'minutes';
}

/** In seconds, whole and within what the desk takes. */
export const secondsOf = (count: number, unit: Unit): number => Math.min(longest, Math.max(0, Math.round(count || 0)) * units[unit]);
