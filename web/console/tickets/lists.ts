// What is kept of lists of tickets, and how news changes it: a list that is shown corrects itself in its place.
import { Refusal, type Ticket, type TicketPage } from '@relevo/shared/api/desk';
import { infiniteQueryOptions, queryOptions, useQuery, type InfiniteData } from '@tanstack/react-query';
import { cache, data, desk } from '../shell/desk';
import { before, columnOf, holds, none, type Asked, type By } from './search';
import type { components } from '@relevo/shared/api/schema';

export type TicketSettings = components['schemas']['TicketSettings'];
export type TicketChoice = components['schemas']['TicketChoice'];
export type TicketField = components['schemas']['TicketField'];
type Pages = InfiniteData<TicketPage, string | undefined>;

const listPage = 25;
const columnPage = 20;

export const ticketSettingsQuery = queryOptions({ queryKey: ['ticketSettings'], staleTime: 5 * 60_000, queryFn: () => data(desk.GET('/v1/tickets/settings')) });

const nothingSet: TicketSettings = { disabled: [], services: [], categories: [], priorities: [], justifications: [], due_by_hand: [] };
export const useTicketSettings = (): TicketSettings => useQuery(ticketSettingsQuery).data ?? nothingSet;
export const chosen = (of: readonly TicketChoice[]): TicketChoice[] => of.filter((c) => !c.archived);

const paged = { initialPageParam: undefined as string | undefined, getNextPageParam: (page: TicketPage) => page.cursor };
const read = (asked: Asked, limit: number, cursor: string | undefined, signal: AbortSignal) => data(desk.GET('/v1/tickets', { signal, params: { query: { ...asked, limit, cursor } } }));

export const ticketListQuery = (asked: Asked) => infiniteQueryOptions({
  ...paged, queryKey: ['tickets', 'list', asked] as const,
  queryFn: ({ pageParam, signal }) => read(asked, listPage, pageParam, signal),
});

/** A column of a board. Its first page comes with those of the others, in one answer. */
export const columnQuery = (asked: Asked, by: By, keys: readonly string[], key: string) => {
  const own = columnOf(asked, by, key);
  return infiniteQueryOptions({
    ...paged, queryKey: ['tickets', 'list', own] as const,
    queryFn: async ({ pageParam, signal }): Promise<TicketPage> => {
      if (pageParam) return read(own, columnPage, pageParam, signal);
      const board = await cache.fetchQuery({ queryKey: ['tickets', 'board', asked, by, keys], staleTime: 0, queryFn: () => readBoard(asked, by, keys) });
      const column = board.columns.find((c) => c.key === key);
      return { items: column?.items ?? [], cursor: column?.cursor };
    },
  });
};

function readBoard(asked: Asked, by: By, keys: readonly string[]) {
  const common: Partial<Asked> = columnOf(asked, by, none);
  delete common[by];
  return data(desk.GET('/v1/tickets/board', { params: { query: { ...common, sort: common.sort, by, columns: keys.join(','), limit: columnPage } } }));
}

/** At most 20 are found, and there are no further pages. */
export const foundQuery = (q: string) => queryOptions({
  queryKey: ['tickets', 'found', q] as const, staleTime: 10_000,
  queryFn: async ({ signal }) => (await data(desk.GET('/v1/tickets/search', { signal, params: { query: { q } } }))).items,
});

/** The tickets of some pages, each once: one that moved may be read again further down. */
export function ticketsIn(pages: { pages: readonly TicketPage[] } | undefined): Ticket[] {
  const seen = new Set<number>();
  return (pages?.pages ?? []).flatMap((p) => p.items).filter((t) => !seen.has(t.number) && seen.add(t.number));
}

/** Puts a ticket where it belongs in everything that is kept. By hand: also past the end of what was read. */
export function putTicket(t: Ticket, byHand = false): void {
  for (const [key, pages] of cache.getQueriesData<Pages>({ queryKey: ['tickets', 'list'] })) {
    if (!pages) continue;
    const next = placed(pages, key[2] as Asked, t, byHand);
    if (next !== pages) cache.setQueryData(key, next);
  }
  cache.setQueriesData<Ticket[]>({ queryKey: ['tickets', 'found'] }, (all) => all?.map((x) => (x.number === t.number && x.version <= t.version ? t : x)));
}

/** The pages with a ticket where it belongs now, if it belongs there at all. */
export function placed(pages: Pages, asked: Asked, t: Ticket, byHand = false): Pages {
  const was = ticketsIn(pages).find((x) => x.number === t.number);
  if (was && was.version > t.version) return pages;
  const belongs = holds(asked, t);
  if (!was && !belongs) return pages;
  const without = pages.pages.map((p) => (p.items.some((x) => x.number === t.number) ? { ...p, items: p.items.filter((x) => x.number !== t.number) } : p));
  if (!belongs) return { ...pages, pages: without };
  for (const [i, p] of without.entries()) {
    const at = p.items.findIndex((x) => before(t, x, asked.sort) < 0);
    const end = i === without.length - 1 && (!p.cursor || byHand || was !== undefined);
    if (at < 0 && !end) continue;
    const items = [...p.items];
    items.splice(at < 0 ? items.length : at, 0, t);
    return { ...pages, pages: without.with(i, { ...p, items }) };
  }
  return { ...pages, pages: without };
}

/** The ticket as it is in some list, or among what was found. */
export function findTicket(number: number): Ticket | undefined {
  const lists = cache.getQueriesData<Pages>({ queryKey: ['tickets', 'list'] }).flatMap(([, pages]) => ticketsIn(pages));
  const found = cache.getQueriesData<Ticket[]>({ queryKey: ['tickets', 'found'] }).flatMap(([, all]) => all ?? []);
  return [...lists, ...found].filter((t) => t.number === number).reduce<Ticket | undefined>((newest, t) => (newest && newest.version > t.version ? newest : t), undefined);
}

function dropTicket(number: number): void {
  cache.setQueriesData<Pages>({ queryKey: ['tickets', 'list'] }, (pages) => pages && { ...pages, pages: pages.pages.map((p) => ({ ...p, items: p.items.filter((t) => t.number !== number) })) });
  cache.setQueriesData<Ticket[]>({ queryKey: ['tickets', 'found'] }, (all) => all?.filter((t) => t.number !== number));
}

/** Reads a ticket as it is now, and puts it in its place; one that is gone leaves the lists. */
export async function rereadTicket(number: number): Promise<Ticket | undefined> {
  try {
    const { ticket } = await data(desk.GET('/v1/tickets/{number}', { params: { path: { number }, query: { fresh: true } } }));
    putTicket(ticket);
    return ticket;
  } catch (cause) {
    if (cause instanceof Refusal && cause.code === 'not_found') dropTicket(number);
    else if (!(cause instanceof Refusal && cause.passing)) throw cause;
    return undefined;
  }
}

const told = new Map<number, ReturnType<typeof setTimeout>>();
const pause = 150; // milliseconds: one act may be told of more than once

const looksAt = (what: 'list' | 'found'): boolean => cache.getQueryCache().findAll({ queryKey: ['tickets', what], type: 'active' }).length > 0;

/** The desk says that a ticket changed: whoever shows a list or what was found reads that one ticket, unless its own act made it so. */
export function correctLists({ number, version }: { number: number; version: number }): void {
  if (!looksAt('list') && !(looksAt('found') && findTicket(number))) {
    void cache.invalidateQueries({ queryKey: ['tickets'], refetchType: 'none' });
    return;
  }
  if ((findTicket(number)?.version ?? 0) >= version) return;
  clearTimeout(told.get(number));
  told.set(number, setTimeout(() => {
    told.delete(number);
    void rereadTicket(number);
  }, pause));
}
