import type { Ticket } from '@relevo/shared/api/desk';
import { describe, expect, it } from 'vitest';
import { carry } from '../tickets/carry';
import { columnsOf, shownColumns } from '../tickets/columns';
import { placed, ticketsIn } from '../tickets/lists';
import { filterOf, goingTo } from '../tickets/saved';
import { askedOf, columnOf, holds, moved, searchOf, tidy } from '../tickets/search';

const ticket = (number: number, more: Partial<Ticket> = {}): Ticket => ({
  number, requester: 'rosa', requester_name: 'Rosa', status: 'new', conversations: [], created_at: `2026-01-01T00:00:${String(number).padStart(2, '0')}.000Z`, created_by: { kind: 'user', id: 'ana', name: 'Ana' },
  updated_at: '2026-01-01T00:00:00.000Z', updated_by: { kind: 'user', id: 'ana', name: 'Ana' }, version: 1, ...more,
});
const pages = (...all: number[][]) => ({ pages: all.map((p, i) => ({ items: p.map((n) => ticket(n)), ...(i < all.length - 1 || p.length === 2 ? { cursor: `c${i}` } : {}) })), pageParams: all.map(() => undefined) });
const numbers = (p: Parameters<typeof ticketsIn>[0]) => ticketsIn(p).map((t) => t.number);
const settings = { disabled: ['priority' as const], services: [], categories: [], priorities: [], justifications: [], due_by_hand: [] };

describe('an address of tickets (B85)', () => {
  it('keeps what makes sense', () => expect(searchOf({ status: 'pending', responsible: 'me', sort: 'due', by: 'mood', type: 'x', tag: 7, q: '' })).toEqual({ status: 'pending', responsible: 'me', sort: 'due', tag: '7' }));
  it('does not say what goes without saying', () => expect(tidy({ status: 'open', sort: 'newest', priority: undefined })).toEqual({}));
  it('means me by me', () => expect(askedOf({ responsible: 'me', q: 'x', columns: 'due' }, 'luis')).toEqual({ status: 'open', responsible: 'luis' }));
  it('narrows a column', () => expect(columnOf({ status: 'open', tag: 'red', sort: 'due' }, 'status', 'closed')).toEqual({ status: 'closed', tag: 'red' }));
});

describe('a ticket in a list (B85)', () => {
  const asked = { status: 'open' as const, responsible: 'none' };
  it('belongs as the desk says', () => {
    expect(holds(asked, ticket(1))).toBe(true);
    expect(holds(asked, ticket(1, { responsible: 'luis' }))).toBe(false);
    expect(holds(asked, ticket(1, { status: 'closed' }))).toBe(false);
    expect(holds({ status: 'done' }, ticket(1, { status: 'resolved' }))).toBe(true);
    expect(holds({ status: 'open', tag: 'red' }, ticket(1, { tags: ['blue'] }))).toBe(false);
    expect(holds({ status: 'open' }, ticket(1, { merged_into: 2 }))).toBe(false);
  });
  it('comes where it belongs, the newest first', () => expect(numbers(placed(pages([9, 7], [5]), asked, ticket(8)))).toEqual([9, 8, 7, 5]));
  it('comes last where nothing follows', () => expect(numbers(placed(pages([9, 7], [5]), asked, ticket(3)))).toEqual([9, 7, 5, 3]));
  it('waits for its page where more follows', () => expect(numbers(placed(pages([9, 7]), asked, ticket(3)))).toEqual([9, 7]));
  it('does not wait if it was put there by hand', () => expect(numbers(placed(pages([9, 7]), asked, ticket(3), true))).toEqual([9, 7, 3]));
  it('leaves', () => expect(numbers(placed(pages([9, 7], [5]), asked, ticket(7, { responsible: 'luis', version: 2 })))).toEqual([9, 5]));
  it('is not made older', () => {
    const now = placed(pages([9]), asked, ticket(9, { version: 3, subject: 'new' }));
    expect(ticketsIn(placed(now, asked, ticket(9, { version: 2, subject: 'old' })))[0]?.subject).toBe('new');
  });
  it('loses its justification with its status (B104)', () => expect(moved(ticket(1, { justification: 'carrier' }), 'status', 'pending')).toMatchObject({ status: 'pending', justification: undefined }));
  it('has no service in the column without', () => expect(moved(ticket(1, { service: 'x' }), 'service', 'none').service).toBeUndefined());
});

describe('a card in the hand of the keyboard (B85)', () => {
  const columns = ['new', 'pending', 'closed'];
  const carried = { number: 1, from: 'new', to: 'pending' };
  it.each([['ArrowRight', 'closed'], ['ArrowLeft', 'new'], ['Home', 'new'], ['End', 'closed']])('%s', (key, to) => expect(carry(carried, key, columns)).toEqual({ kind: 'over', carried: { ...carried, to } }));
  it('stays at the edge', () => expect(carry({ ...carried, to: 'closed' }, 'ArrowRight', columns)?.carried.to).toBe('closed'));
  it('goes the other way where one reads the other way', () => expect(carry(carried, 'ArrowRight', columns, true)?.carried.to).toBe('new'));
  it('is laid down and taken back', () => expect([' ', 'Enter', 'Escape', 'x'].map((k) => carry(carried, k, columns)?.kind)).toEqual(['drop', 'drop', 'cancel', undefined]));
});

describe('columns (B85)', () => {
  it('come in their order, without what is switched off (B102)', () => expect(shownColumns(columnsOf('due,subject,priority,mood') ?? [], settings)).toEqual(['subject', 'due']));
  it('always lead to the ticket', () => expect(shownColumns(['due'], settings)).toEqual(['number', 'due']));
});

describe('a saved view of tickets (B85)', () => {
  it.each([[{ responsible: 'me', sort: 'due' as const, columns: 'number,due' }, false], [{ by: 'service' as const, tag: 'red' }, true], [{ q: 'shoes', columns: 'subject' }, false]])('%j leads to where it was saved', (search, board) =>
    expect(goingTo({ filter: filterOf(search, board, ['number']) })).toEqual({ search, board }));
  it('keeps the columns that are seen', () => expect(filterOf({}, false, ['number', 'due']).tickets).toEqual({ columns: 'number,due' }));
});
