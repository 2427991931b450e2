// What is kept of an opened ticket, and how it is changed: shown at once, corrected when the desk refuses.
import { Refusal, type Ticket } from '@relevo/shared/api/desk';
import type { components } from '@relevo/shared/api/schema';
import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import { cache, data, desk, meQuery } from '../../shell/desk';
import { complain, toast } from '../../shell/toasts';
import { say } from '../../shell/words';

export type TicketAction = components['schemas']['TicketAction'];
export type TicketChange = components['schemas']['TicketChange'];
export type Patch = Omit<components['schemas']['TicketPatch'], 'version'>;

interface OpenedPage { ticket?: Ticket; actions: TicketAction[]; cursor?: string }
type Opened = InfiniteData<OpenedPage, string | undefined>;

const first = undefined as string | undefined;
const at = (number: number) => ({ path: { number } });

/** The ticket with its newest actions; further pages have the older ones. */
export const openedQuery = (number: number) => infiniteQueryOptions({
  queryKey: ['ticket', number, 'opened'] as const, staleTime: 0, initialPageParam: first, getNextPageParam: (p: OpenedPage) => p.cursor,
  queryFn: async ({ pageParam, signal }): Promise<OpenedPage> => {
    if (pageParam) return actionsPage(await data(desk.GET('/v1/tickets/{number}/actions', { signal, params: { ...at(number), query: { order: 'newest', cursor: pageParam } } })));
    const again = cache.getQueryData(['ticket', number, 'opened']) !== undefined; // something happened: as it is this instant
    return data(desk.GET('/v1/tickets/{number}', { signal, params: { ...at(number), query: { order: 'newest', fresh: again } } }));
  },
});

const actionsPage = ({ items, cursor }: { items: TicketAction[]; cursor?: string }): OpenedPage => ({ actions: items, ...(cursor ? { cursor } : {}) });

/** Actions of one kind, newest first. */
export const actionsQuery = (number: number, filter: 'public' | 'internal') => infiniteQueryOptions({
  queryKey: ['ticket', number, 'actions', filter] as const, initialPageParam: first, getNextPageParam: (p: OpenedPage) => p.cursor,
  queryFn: async ({ pageParam, signal }) => actionsPage(await data(desk.GET('/v1/tickets/{number}/actions', { signal, params: { ...at(number), query: { order: 'newest', filter, cursor: pageParam, fresh: true } } }))),
});

/** What was changed, newest first. */
export const historyQuery = (number: number) => infiniteQueryOptions({
  queryKey: ['ticket', number, 'history'] as const, initialPageParam: first, getNextPageParam: (p: { cursor?: string }) => p.cursor,
  queryFn: ({ pageParam, signal }) => data(desk.GET('/v1/tickets/{number}/history', { signal, params: { ...at(number), query: { cursor: pageParam } } })),
});

export const ticketOf = (opened: { pages: OpenedPage[] } | undefined): Ticket | undefined => opened?.pages[0]?.ticket;

const kept = (number: number): Ticket | undefined => ticketOf(cache.getQueryData(openedQuery(number).queryKey));

/** Puts what the desk answered in its place, unless something newer is there. */
export function putOpened(t: Ticket): void {
  patchOpened(t.number, (was) => (was.version > t.version ? was : t));
  void cache.invalidateQueries({ queryKey: ['ticket', t.number, 'history'] });
}

function patchOpened(number: number, change: (t: Ticket) => Ticket): void {
  cache.setQueryData<Opened>(openedQuery(number).queryKey, (now) => now && { ...now, pages: now.pages.map((p) => (p.ticket ? { ...p, ticket: change(p.ticket) } : p)) });
}

/** Reads the ticket, its proceedings and its history again. */
export async function rereadOpened(number: number): Promise<Ticket | undefined> {
  await cache.invalidateQueries({ queryKey: ['ticket', number] });
  return kept(number);
}

/** The version of an action that holds, as it was read last; 0 if it is not there any more. */
export function versionOf(number: number, action: string): number {
  const pages = cache.getQueriesData<Opened>({ queryKey: ['ticket', number] }).flatMap(([, read]) => read?.pages ?? []);
  return Math.max(0, ...pages.flatMap((p) => p.actions ?? []).filter((a) => a.id === action).map((a) => a.version));
}

/** The ticket as it will be. */
function looking(t: Ticket, { due, ...patch }: Patch): Ticket {
  const fields = Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value === '' ? undefined : value])) as Partial<Ticket>;
  return {
    ...t, ...(patch.status && patch.status !== t.status ? { justification: undefined } : {}), ...fields,
    ...(due ? { due: due.at ? { at: due.at, by: 'hand' as const } : undefined } : {}),
  };
}

const valueOf = (t: Ticket, field: string): string => JSON.stringify((field === 'due' ? t.due?.at : (t as Record<string, unknown>)[field]) ?? '');

const patience = 4; // colleagues who change other fields at the same time

/** Changes fields. What others changed meanwhile stays; where it is the same field, theirs holds, and who was faster is told. */
export async function change(number: number, patch: Patch): Promise<boolean> {
  const seen = kept(number);
  if (!seen) return false;
  let version = seen.version;
  for (let tries = 1; ; tries++) {
    patchOpened(number, (t) => looking(t, patch));
    try {
      putOpened(await data(desk.PATCH('/v1/tickets/{number}', { params: at(number), body: { ...patch, version } })));
      return true;
    } catch (cause) {
      const now = await rereadOpened(number);
      const overtaken = cause instanceof Refusal && cause.code === 'conflict' && now !== undefined && now.version !== version;
      if (overtaken && tries < patience && Object.keys(patch).every((f) => valueOf(now, f) === valueOf(seen, f))) {
        version = now.version;
        continue;
      }
      if (overtaken) await tellFaster(number, Object.keys(patch));
      else complain(cause);
      return false;
    }
  }
}

/** Says who changed a field a moment ago. */
async function tellFaster(number: number, fields: string[]): Promise<void> {
  const read = data(desk.GET('/v1/tickets/{number}/history', { params: { ...at(number), query: { limit: 10 } } }));
  const items = await read.then((page) => page.items, () => []); // who it was is not known then; that there was one is told all the same
  const me = cache.getQueryData(meQuery.queryKey)?.agent.id;
  const theirs = items.find((c) => c.by.id !== me && c.fields.some((f) => fields.includes(f.field)));
  toast(say('ticketPage.faster', { who: theirs?.by.name ?? say('ticketPage.someone') }), { tone: 'late' });
}
