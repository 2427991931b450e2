// The words of lists, boards and new tickets come with them: the list of conversations needs none.
import { alsoSpeak, type Language, type Load } from '../shell/words';

const files: Record<Language, Load> = {
  en: () => import('../words/en.tickets.json'),
  es: () => import('../words/es.tickets.json'),
  'pt-BR': () => import('../words/pt-BR.tickets.json'),
};

/** Ends when they are there. */
export const ticketWords = (): Promise<void> => alsoSpeak(files);
