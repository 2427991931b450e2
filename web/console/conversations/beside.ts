// What stands beside the list, loaded after it: at once if the address names a conversation, else when the page rests.
import { lazy } from 'react';

const thread = () => import('../thread/Thread');
const details = () => import('../contacts/Details');

export const Thread = lazy(() => thread().then((m) => ({ default: m.Thread })));
export const Details = lazy(() => details().then((m) => ({ default: m.Details })));

/** Loads both, so that the first click finds them there. */
export const loadBeside = (): Promise<unknown> => Promise.all([thread(), details()]);
