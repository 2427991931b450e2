// The words of the ticket's page come with it.
import { alsoSpeak, type Language, type Load } from '../../shell/words';
import { ticketWords } from '../words';

const files: Record<Language, Load> = {
  en: () => import('../../words/en.ticketPage.json'),
  es: () => import('../../words/es.ticketPage.json'),
  'pt-BR': () => import('../../words/pt-BR.ticketPage.json'),
};

/** Ends when they are there, and those of lists, which the page has, too. */
export const pageWords = (): Promise<void> => Promise.all([ticketWords(), alsoSpeak(files)]).then(() => undefined);
