// Times as agents read them.
import { spoken } from '../shell/words';
import { sameDay } from './day';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${spoken()} ${kind}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(spoken(), options);
  formats.set(key, made);
  return made;
}

/** 8:41 */
export const clock = (at: string | number): string => format('clock', { hour: 'numeric', minute: '2-digit' }).format(new Date(at));
/** Monday 16 November */
export const dayName = (at: string | number): string => {
  const name = format('day', { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at));
  return name.charAt(0).toUpperCase() + name.slice(1);
};
/** 12 Oct */
export const shortDay = (at: string | number): string => format('short', { day: 'numeric', month: 'short' }).format(new Date(at));
/** Wed, Nov 18, 9:00 AM: with the month, for without it English says "18 Wed". */
export const moment = (at: string | number): string => format('moment', { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(new Date(at));
/** 12 Oct 2026, 9:00 */
export const full = (at: string | number): string => format('full', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** The clock of today, the day of any other: for rows. */
export const when = (at: string, now = Date.now()): string => (sameDay(at, now) ? clock(at) : shortDay(at));

/** 4 min, 1 h 12, 3 d: the same in our three languages. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes === 0) return '<1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} d`;
}

/** 184 KB */
export function size(bytes: number): string {
  const number = (n: number) => n.toLocaleString(spoken(), { maximumFractionDigits: 1 });
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${number(Math.round(bytes / 1024))} KB` : `${number(bytes / (1 << 20))} MB`;
}
