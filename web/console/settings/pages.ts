// The pages of the settings: one a noun. A page that is added here stands in the index and in the palette.
import { Bot, Building2, CalendarDays, Gauge, Inbox, ListChecks, Tag, Ticket, UserRound, UserRoundCog, UsersRound, Zap, type LucideIcon } from 'lucide-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Key } from '../shell/words';
import { ticketWords } from '../tickets/words';
import { settingsWords } from './words';

export interface Page {
  /** Its address is /settings/<path>, and what follows is the noun that is open: its id, or "new". */
  path: string;
  title: Key;
  icon: LucideIcon;
  group: Key;
  /** Open to everybody; the others are for administrators. */
  open?: boolean;
  View: LazyExoticComponent<ComponentType<{ id: string | undefined }>>;
}

const view = (load: () => Promise<{ default: ComponentType<{ id: string | undefined }> }>) => lazy(() => settingsWords().then(load));

const ticketView: typeof view = (load) => view(() => ticketWords().then(load));

export const pages: readonly Page[] = [
  { path: 'start', title: 'guide.title', icon: ListChecks, group: 'settings', View: view(() => import('./Guide')) },
  { path: 'inboxes', title: 'inboxes', icon: Inbox, group: 'settings', View: view(() => import('./inboxes/Inboxes')) },
  { path: 'departments', title: 'departments', icon: UsersRound, group: 'settings', View: view(() => import('./Departments')) },
  { path: 'agents', title: 'agents', icon: UserRoundCog, group: 'settings', View: view(() => import('./Agents')) },
  { path: 'labels', title: 'labels', icon: Tag, group: 'settings', View: view(() => import('./Labels')) },
  { path: 'canned', title: 'canned', icon: Zap, group: 'settings', View: view(() => import('./CannedReplies')) },
  { path: 'tickets', title: 'set.tickets', icon: Ticket, group: 'set.time', View: ticketView(() => import('./tickets/TicketFields')) },
  { path: 'contracts', title: 'set.contracts', icon: Gauge, group: 'set.time', View: ticketView(() => import('./contracts/Contracts')) },
  { path: 'hours', title: 'set.hours', icon: CalendarDays, group: 'set.time', View: view(() => import('./BusinessHours')) },
  { path: 'account', title: 'set.account', icon: Building2, group: 'set.company', View: view(() => import('./Account')) },
  { path: 'bots', title: 'set.bots', icon: Bot, group: 'set.company', View: view(() => import('./Bots')) },
  { path: 'profile', title: 'profile.title', icon: UserRound, group: 'set.mine', open: true, View: view(() => import('./Profile')) },
];

export const pageAt = (path: string): Page | undefined => pages.find((p) => p.path === path);
