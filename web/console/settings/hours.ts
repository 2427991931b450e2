// Opening hours as the desk keeps them, minutes after midnight by weekday, and as people write them.
export interface Span { from: number; to: number }
export type Week = Span[][];

/** Days as they are shown: Monday first; the numbers are the desk's, Sunday is 0. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

const midnight = 24 * 60;

/** 540 is "09:00". The end of a day is "00:00", as a field of time can only say it so. */
export const clock = (minutes: number): string => `${String(Math.floor((minutes % midnight) / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** "09:00" is 540; as an end, "00:00" is the end of the day. undefined if it is no time. */
export function minutesOf(text: string, end = false): number | undefined {
  const [, h, m] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  if (h === undefined) return undefined;
  const minutes = Number(h) * 60 + Number(m);
  return end && minutes === 0 ? midnight : minutes;
}

/** The first span that does not rise, as the desk names it: "hours.1.0"; undefined if all do. */
export function wrongSpan(week: Week, name = 'hours'): string | undefined {
  for (const [day, spans] of week.entries()) {
    let end = 0;
    for (const [i, s] of spans.entries()) {
      if (s.from < end || s.to <= s.from || s.to > midnight) return `${name}.${day}.${i}`;
      end = s.to;
    }
  }
  return undefined;
}

/** A day with another opening after those it has: from an hour after the last, for three hours at most. */
export function withSpan(spans: readonly Span[]): Span[] {
  const last = spans.at(-1);
  if (!last) return [{ from: 9 * 60, to: 18 * 60 }];
  const from = Math.min(last.to + 60, midnight - 60);
  return [...spans, { from, to: Math.min(from + 180, midnight) }];
}

/** The week with a day's hours on all days from Monday to Friday. */
export const onWorkdays = (week: Week, day: number): Week => week.map((spans, d) => (d >= 1 && d <= 5 ? structuredClone(week[day] ?? []) : spans));
