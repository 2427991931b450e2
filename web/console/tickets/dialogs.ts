// The dialogs of the tickets, each loaded when it is opened.
import { lazy, type ComponentType } from 'react';
import { ticketWords } from './words';

const late = <P,>(load: () => Promise<{ default: ComponentType<P> }>) => lazy(() => ticketWords().then(load));

export const NewTicketDialog = late(() => import('./NewTicketDialog'));
export const JustifyDialog = late(() => import('./JustifyDialog'));
export const NarrowDialog = late(() => import('./NarrowDialog'));
export const ColumnsDialog = late(() => import('./ColumnsDialog'));
