import { cell } from './cell';

/** The last ticket that a close left behind: the page goes there (B60). */
export const leftTicket = cell<{ conversation: string; number: number } | undefined>(undefined);
