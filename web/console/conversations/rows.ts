// Which rows a list shows, in which order.
import type { Conversation } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { overlaid } from './overlaid';
import type { Sort } from './cache';
import type { Place } from './place';

/** Lists that have an order of their own: Mine by when it was handed over, queues by who waits longest. */
const ordered: readonly Place['view'][] = ['mine', 'waiting', 'unassigned'];

/** The rows of a list: those that leave it in five seconds are gone already. The desk gives most lists by when a conversation
 *  came there (docs/decisions/0005): what was read of them is put in the order of what happened last. */
export function rowsOf(items: readonly Conversation[], waiting: readonly Entry[], status: Conversation['status'], sort: Sort, view: Place['view']): Conversation[] {
  const seen = new Set<string>();
  const rows = items.filter((c) => !seen.has(c.id) && seen.add(c.id)).map((c) => overlaid(c, waiting)).filter((c) => c.status === status);
  if (sort === 'waiting') return rows.toSorted((a, b) => (a.awaiting_since ?? '9').localeCompare(b.awaiting_since ?? '9'));
  if (ordered.includes(view)) return rows;
  return rows.toSorted((a, b) => (lastOf(a) < lastOf(b) ? 1 : lastOf(a) > lastOf(b) ? -1 : 0));
}

const lastOf = (c: Conversation): string => c.last_at ?? c.created_at;

/** Keeps every row where it is while the pointer rests on the list; what is new comes last. */
export function frozen(rows: readonly Conversation[], order: readonly string[]): Conversation[] {
  const place = new Map(order.map((id, i) => [id, i]));
  return rows.toSorted((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length));
}
