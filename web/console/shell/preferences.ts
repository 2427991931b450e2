// What one agent likes, kept in this browser.
import type { ColumnName } from '../tickets/columns';
import { keptCell } from './cell';

export type Theme = 'system' | 'light' | 'dark';

export const theme = keptCell<Theme>('relevo.theme', 'system');
/** Empty: the language of the agent's profile. */
export const language = keptCell<'' | 'en' | 'es' | 'pt-BR'>('relevo.language', '');
export const enterSends = keptCell('relevo.enterSends', true);
export const detailsShown = keptCell('relevo.details', true);
export const sounds = keptCell('relevo.sounds', true);
export const desktopNotices = keptCell('relevo.desktopNotices', false);

/** The columns of lists of tickets; a saved view may say otherwise. */
export const ticketColumns = keptCell<readonly ColumnName[]>('relevo.ticketColumns', ['number', 'subject', 'requester', 'status', 'priority', 'service', 'due', 'responsible', 'updated']);

/** Puts the theme on the page, now and whenever it changes. */
export function applyTheme(): void {
  const apply = () => {
    const chosen = theme.get();
    if (chosen === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
  };
  apply();
  theme.subscribe(apply);
}

/** The occasions that call an agent. */
export const noticeKinds = ['assigned', 'transferred', 'mention', 'message', 'warning', 'breach', 'ticket', 'ticket_action'] as const;
export type NoticeKind = (typeof noticeKinds)[number];
/** Those that are to call him no more; the bell lists them all the same. */
export const quiet = keptCell<readonly NoticeKind[]>('relevo.quiet', []);
