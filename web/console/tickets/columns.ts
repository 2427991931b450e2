// The columns of the list: which there are, and which an agent chose.
import type { Key } from '../shell/words';
import type { TicketField, TicketSettings } from './lists';

export const columnNames = ['number', 'subject', 'requester', 'status', 'priority', 'service', 'category', 'type', 'due', 'responsible', 'tags', 'created', 'updated'] as const;
export type ColumnName = (typeof columnNames)[number];

export const columnTitle = (name: ColumnName): Key => (name === 'number' ? 'ticket.number' : name === 'subject' ? 'ticket.subject' : name === 'status' ? 'status' : name === 'responsible' ? 'ticket.responsible' : `tickets.${name}`);

/** Columns as they stand in an address. */
export const columnsOf = (text: string | undefined): ColumnName[] | undefined => text?.split(',').filter((n): n is ColumnName => (columnNames as readonly string[]).includes(n));

const always: readonly ColumnName[] = ['number', 'requester', 'responsible', 'created', 'updated'];

/** Those that the account has not switched off (B102). */
export const enabledColumns = (s: TicketSettings): ColumnName[] => columnNames.filter((n) => always.includes(n) || !s.disabled.includes(n as TicketField));

/** In their order, whatever the order in which they were chosen; a list without subject or number could not be opened. */
export function shownColumns(of: readonly ColumnName[], s: TicketSettings): ColumnName[] {
  const enabled = enabledColumns(s);
  const shown = enabled.filter((n) => of.includes(n));
  return shown.includes('subject') || shown.includes('number') ? shown : ['number', ...shown];
}
