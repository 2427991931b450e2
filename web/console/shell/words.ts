// The words of the page, in the agent's language: first those that the list needs, filled in here, then the rest with
// i18next, which is larger than the list itself.
import type { i18n } from 'i18next';
import { useSyncExternalStore } from 'react';
import type en from '../words/en.json';
import type more from '../words/en.more.json';
import type settings from '../words/en.settings.json';
import type ticketPage from '../words/en.ticketPage.json';
import type tickets from '../words/en.tickets.json';
import { language } from './preferences';

export type Language = 'en' | 'es' | 'pt-BR';
type Plural<K> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;
export type Key = Plural<keyof typeof en | keyof typeof more | keyof typeof settings | keyof typeof ticketPage | keyof typeof tickets>;
export type Values = Record<string, string | number>;

type Words = Record<string, string>;
export type Load = () => Promise<{ default: Words }>;
const files: Record<Language, [first: Load, more: Load]> = {
  en: [() => import('../words/en.json'), () => import('../words/en.more.json')],
  es: [() => import('../words/es.json'), () => import('../words/es.more.json')],
  'pt-BR': [() => import('../words/pt-BR.json'), () => import('../words/pt-BR.more.json')],
};

export const languages: readonly Language[] = ['en', 'es', 'pt-BR'];

/** The nearest of our languages. */
export function nearest(tag: string | undefined): Language {
  if (tag?.startsWith('es')) return 'es';
  if (tag?.startsWith('pt')) return 'pt-BR';
  return 'en';
}

export const startWords = (): Promise<void> => speak(language.get() || nearest(navigator.language));

let first: Words = {};
let whole: i18n | undefined;
let now: Language = 'en';
let wanted: Language = 'en';
let shown = false;
let rest = Promise.resolve();
const listeners = new Set<() => void>();
const extras: Record<Language, Load>[] = []; // words of screens that few people open

/** Changes the language of the whole page. */
export async function speak(next: Language): Promise<void> {
  if (shown && next === wanted) return;
  wanted = next;
  const [few, more] = files[next];
  const words = (await few()).default;
  rest = complete(next, words, more);
  if (shown) await rest; // a page that is shown changes at once
  if (wanted !== next) return;
  shown = true;
  first = words;
  now = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

async function complete(next: Language, words: Words, more: Load): Promise<void> {
  const [{ default: i18next }, ...others] = await Promise.all([import('i18next'), more(), ...extras.map((e) => e[next]())]);
  if (!i18next.isInitialized) {
    await i18next.init({
      resources: {},
      fallbackLng: false, // every language is complete: a test holds it
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false, prefix: '{', suffix: '}' }, // React shows text as text
    });
  }
  i18next.addResourceBundle(next, 'translation', Object.assign({}, words, ...others.map((o) => o.default)));
  if (wanted !== next) return;
  await i18next.changeLanguage(next);
  whole = i18next;
  asked.clear();
}

const added = new Map<Record<Language, Load>, Promise<void>>();

/** Adds the words of a screen, once: now, and with each language that is spoken later. Ends when they are there; where
 *  they could not be loaded, the next who needs them tries again. */
export function alsoSpeak(more: Record<Language, Load>): Promise<void> {
  const adding = added.get(more) ?? add(more).catch((cause: unknown) => {
    added.delete(more);
    throw cause;
  });
  added.set(more, adding);
  return adding;
}

async function add(more: Record<Language, Load>): Promise<void> {
  if (!extras.includes(more)) extras.push(more);
  await rest;
  const to = wanted;
  whole?.addResourceBundle(to, 'translation', (await more[to]()).default);
  asked.clear();
}

/** Ends when every word is there: whatever is loaded after the list waits for it. */
export const allWords = (): Promise<void> => rest;

/** A word or sentence of the page. */
export const say = (key: Key, values?: Values): string => (!whole ? filled(key, values) : values ? whole.t(key as string, values as Record<string, unknown>) : found(whole, key));

/** What was asked before: a thread asks for the same words hundreds of times. */
const asked = new Map<string, string>();

function found(words: i18n, key: string): string {
  const word = asked.get(key) ?? words.t(key);
  asked.set(key, word);
  return word;
}

function filled(key: string, values: Values = {}): string {
  const plural = 'count' in values ? `${key}_${new Intl.PluralRules(wanted).select(Number(values['count']))}` : key;
  return (first[plural] ?? first[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** True if there is such a word: for what the desk may name and we do not know. */
export const known = (key: string): key is Key => whole?.exists(key) ?? key in first;

export const spoken = (): Language => now;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** say, and the component follows the language. */
export function useWords(): typeof say {
  useSyncExternalStore(subscribe, spoken);
  return say;
}
