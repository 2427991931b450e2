// Saved views of tickets: a name for a list or board with what narrows it, its order, groups and columns (B85).
import type { SavedView } from '@relevo/shared/api/desk';
import { searchOf, tidy, type TicketSearch } from './search';

/** Where a saved view leads. */
export function goingTo({ filter }: Pick<SavedView, 'filter'>): { search: TicketSearch; board: boolean } {
  const { text, board = false, ...rest } = filter.tickets ?? {};
  return { search: searchOf({ ...rest, q: text }), board };
}

/** What a saved view of this holds. */
export function filterOf(search: TicketSearch, board: boolean, columns: readonly string[]): SavedView['filter'] {
  const { q, ...rest } = tidy(search);
  return { view: 'tickets', tickets: { ...rest, ...(q ? { text: q } : {}), ...(board ? { board, by: search.by ?? 'status' } : { columns: search.columns ?? columns.join(',') }) } };
}
