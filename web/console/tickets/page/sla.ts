// What a ticket is promised: read when somebody looks, and again when the ticket changes.
import { queryOptions } from '@tanstack/react-query';
import { data, desk } from '../../shell/desk';
import { say, spoken } from '../../shell/words';
import { clock, weekdays, type Span, type Week } from '../../settings/hours';

export const slaQuery = (number: number) => queryOptions({
  queryKey: ['ticket', number, 'sla'] as const, staleTime: 0,
  queryFn: ({ signal }) => data(desk.GET('/v1/tickets/{number}/sla', { signal, params: { path: { number } } })),
});

const dayLong = 24 * 60; // minutes

/** A week as people say it: days in a row with the same hours stand together, closed ones are left out. */
export function weekInWords(week: Week): { days: string; hours: string }[] {
  const said = (spans: readonly Span[]) => spans.map((s) => (s.from === 0 && s.to === dayLong ? say('slaDialog.always') : `${clock(s.from)}–${clock(s.to)}`)).join(', ');
  const runs: { from: number; to: number; hours: string }[] = [];
  for (const [i, day] of weekdays.entries()) {
    const hours = said(week[day] ?? []), last = runs.at(-1);
    if (last && last.hours === hours) last.to = i;
    else runs.push({ from: i, to: i, hours });
  }
  return runs.filter((r) => r.hours).map((r) => ({ days: r.from === r.to ? shortDay(r.from) : `${shortDay(r.from)}–${shortDay(r.to)}`, hours: r.hours }));
}

/** The name of a day by its place in the week that begins on Monday. */
const shortDay = (place: number): string => new Date(Date.UTC(2026, 1, 2 + place)).toLocaleDateString(spoken(), { weekday: 'short', timeZone: 'UTC' }); // 2 February 2026 is a Monday
