// The words of the settings come with the settings: who answers customers never loads them.
import { alsoSpeak, type Language, type Load } from '../shell/words';

const files: Record<Language, Load> = {
  en: () => import('../words/en.settings.json'),
  es: () => import('../words/es.settings.json'),
  'pt-BR': () => import('../words/pt-BR.settings.json'),
};

/** Ends when they are there. */
export const settingsWords = (): Promise<void> => alsoSpeak(files);

/** What languages call themselves. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español', 'pt-BR': 'Português (Brasil)' };
