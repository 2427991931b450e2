// The words of the page, in the agent's language; only that language is loaded.
import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import type en from '../words/en.json';
import { language } from './preferences';

export type Language = 'en' | 'es' | 'pt-BR';
type Plural<K> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;
export type Key = Plural<keyof typeof en>;
export type Values = Record<string, string | number>;

const files: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('../words/en.json'),
  es: () => import('../words/es.json'),
  'pt-BR': () => import('../words/pt-BR.json'),
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

/** Changes the language of the whole page. */
export async function speak(wanted: Language): Promise<void> {
  if (!i18next.hasResourceBundle(wanted, 'translation')) {
    i18next.addResourceBundle(wanted, 'translation', (await files[wanted]()).default);
  }
  await i18next.changeLanguage(wanted);
  document.documentElement.lang = wanted;
}

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
