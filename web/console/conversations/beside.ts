// What stands beside the list, loaded after it: at once if the address names a conversation, else when the page rests.
import { lazy } from 'react';
import { allWords } from '../shell/words';

const thread = () => withWords(import('../thread/Thread'));
const details = () => withWords(import('../contacts/Details'));

const withWords = <T,>(loading: Promise<T>): Promise<T> => Promise.all([loading, allWords()]).then(([loaded]) => loaded);

export const Thread = lazy(() => thread().then((m) => ({ default: m.Thread })));
export const Details = lazy(() => details().then((m) => ({ default: m.Details })));

/** Loads both, so that the first click finds them there. */
export const loadBeside = (): Promise<unknown> => Promise.all([thread(), details()]);
