// What a form holds that is not saved yet, as values: what differs, what a refusal blames, and what survives a reload.
import { Refusal } from '@relevo/shared/api/desk';
import { own } from '../shell/own';

export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The fields in which two versions of a noun differ. */
export function changedFields<T extends object>(was: T, now: T): (keyof T & string)[] {
  return (Object.keys(now) as (keyof T & string)[]).filter((k) => !same(was[k], now[k]));
}

/** What was typed over one version, over another: the fields that were touched keep what was typed. */
export function rebase<T extends object>(was: T, typed: T, now: T): T {
  const out = { ...now };
  for (const k of changedFields(was, typed)) out[k] = typed[k];
  return out;
}

/** What is wrong, and with which field; without one it concerns the whole. */
export interface Trouble {
  field?: string;
  /** Tells apart what a sentence can say: "required", "invalid", "conflict", a code of the contract. */
  kind: string;
}

/** What a refusal says. The field is the desk's: "hours.1.0", "templates.name". */
export function troubleOf(cause: unknown): Trouble {
  if (!(cause instanceof Refusal)) return { kind: 'internal' };
  if (cause.status === 413) return { kind: 'tooLarge' };
  return cause.field ? { kind: cause.code, field: cause.field } : { kind: cause.code };
}

/** Whether a trouble belongs to a field, or to something in it. */
export const belongs = (trouble: Trouble | undefined, field: string): boolean => trouble?.field === field || !!trouble?.field?.startsWith(`${field}.`);

/** The keys under which a sentence for a trouble may stand, the nearest first. */
export function sentencesFor(noun: string, { field, kind }: Trouble): string[] {
  const plainField = field?.split('.').filter((part) => !/^\d+$/.test(part)).join('.');
  const near = plainField ? [`fault.${noun}.${plainField}.${kind}`, `fault.${plainField}.${kind}`] : [];
  return [...near, `fault.${kind}`, `refused.${kind}`];
}

const nameOf = (key: string): string => own(`settings.${key}`);

interface Kept<T> { was: T; now: T }

/** Keeps what is typed until it is saved: for a reload, or a session that ends in the middle. */
export function keep<T extends object>(key: string, was: T, now: T): void {
  if (same(was, now)) sessionStorage.removeItem(nameOf(key));
  else sessionStorage.setItem(nameOf(key), JSON.stringify({ was, now } satisfies Kept<T>));
}

/** What was kept, over the noun as it is now; undefined if nothing was. */
export function kept<T extends object>(key: string, now: T): T | undefined {
  const text = sessionStorage.getItem(nameOf(key));
  if (!text) return undefined;
  const { was, now: typed } = JSON.parse(text) as Kept<T>;
  const restored = rebase(was, typed, now);
  return same(restored, now) ? undefined : restored;
}

export const forget = (key: string): void => sessionStorage.removeItem(nameOf(key));
