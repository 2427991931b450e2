// The words of the ticket's page come with it.
import { alsoSpeak, type Language, type Load } from '../../shell/words';
import { ticketWords } from '../words';

const files: Record<Language, Load> = {
  en: () => import('../../words/en.ticketPage.json'),
  es: () => import('../../words/es.ticketPage.json'),
  'pt-BR': () => import('../../words/pt-BR.ticketPage.json'),
};

let loading: Promise<void> | undefined;

/** Ends when they are there. */
export const pageWords = (): Promise<void> =>
  (loading ??= Promise.all([ticketWords(), alsoSpeak(files)]).then(() => undefined, (cause: unknown) => {
    loading = undefined; // the next who needs them tries again
    throw cause;
  }));
