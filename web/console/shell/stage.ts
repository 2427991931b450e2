// Which dialog is open. One at a time; what it is about travels with it.
import type { SavedView } from '@relevo/shared/api/desk';
import type { TicketChoice } from '../tickets/lists';
import type { TicketSearch } from '../tickets/search';
import { cell } from './cell';

export type Scene =
  | { kind: 'assign' | 'department' | 'transfer' | 'snooze' | 'labels' | 'close' | 'transcript'; conversation: string }
  | { kind: 'link'; conversation: string }
  | { kind: 'saveView'; filter: SavedView['filter']; view?: SavedView }
  | { kind: 'newTicket'; set?: TicketSearch }
  | { kind: 'justify'; number: number; status: string; reasons: TicketChoice[]; take(justification: string): void }
  | { kind: 'narrow'; search: TicketSearch; take(search: TicketSearch): void }
  | { kind: 'columns' }
  | { kind: 'palette' | 'shortcuts' }
  | { kind: 'viewer'; pictures: { url: string; name: string }[]; at: number };

export const stage = cell<Scene | undefined>(undefined);
export const open = (scene: Scene): void => stage.set(scene);
export const shut = (): void => stage.set(undefined);
