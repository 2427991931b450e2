// The words of the page, in the agent's language: first those that the list needs, then the rest.
import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import type en from '../words/en.json';
import type more from '../words/en.more.json';
import { language } from './preferences';

export type Language = 'en' | 'es' | 'pt-BR';
type Plural<K> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;
export type Key = Plural<keyof typeof en | keyof typeof more>;
export type Values = Record<string, string | number>;

type Load = () => Promise<{ default: Record<string, string> }>;
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

export async function startWords(): Promise<void> {
  await i18next.init({
    resources: {},
    fallbackLng: false, // every language is complete: a test holds it
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' }, // React shows text as text
  });
  await speak(language.get() || nearest(navigator.language));
}

let rest = Promise.resolve();

/** Changes the language of the whole page. */
export async function speak(wanted: Language): Promise<void> {
  if (!i18next.hasResourceBundle(wanted, 'translation')) {
    const [first, more] = files[wanted];
    i18next.addResourceBundle(wanted, 'translation', (await first()).default);
    rest = more().then(({ default: words }) => void i18next.addResourceBundle(wanted, 'translation', words, true, true));
  }
  if (spokenYet) await rest; // a page that is shown changes at once
  spokenYet = true;
  await i18next.changeLanguage(wanted);
  document.documentElement.lang = wanted;
}

let spokenYet = false;

/** Ends when every word is there: whatever is loaded after the list waits for it. */
export const allWords = (): Promise<void> => rest;

/** A word or sentence of the page. */
export const say = (key: Key, values?: Values): string => i18next.t(key as string, values as Record<string, unknown>);

/** True if there is such a word: for what the desk may name and we do not know. */
export const known = (key: string): key is Key => i18next.exists(key);

export const spoken = (): Language => (i18next.language ?? 'en') as Language;

const subscribe = (listener: () => void) => {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
};

/** say, and the component follows the language. */
export function useWords(): typeof say {
  useSyncExternalStore(subscribe, spoken);
  return say;
}
