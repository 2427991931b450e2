// What is kept of conversations, and how news changes it.
import type { Conversation, ConversationPage, Message, OpenedConversation } from '@relevo/shared/api/desk';
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import { cache, countsQuery, data, desk } from '../shell/desk';
import type { Place } from './place';

export type Sort = 'newest' | 'waiting';
export interface Filter {
  status: Conversation['status'];
}

type Pages = InfiniteData<ConversationPage, string | undefined>;
const pageSize = 100; // counts beside views are exact up to 99

export function listQuery(place: Pick<Place, 'view' | 'key'>, filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ['list', place.view, place.key ?? '', filter.status] as const,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ConversationPage) => page.cursor,
    queryFn: ({ pageParam, signal }) => data(desk.GET('/v1/conversations', { signal, params: { query: { ...asked(place), status: filter.status, limit: pageSize, cursor: pageParam } } })),
  });
}

function asked(place: Pick<Place, 'view' | 'key'>) {
  switch (place.view) {
    case 'department':
    case 'inbox':
    case 'label':
      return { view: 'all' as const, [place.view]: place.key };
    case 'mentions':
      return { view: 'all' as const };
    default:
      return { view: place.view };
  }
}

/** An opened conversation. A later read keeps the older pages that were read before. */
export const conversationQuery = (id: string) => queryOptions({
  queryKey: ['conversation', id] as const,
  staleTime: 30_000,
  gcTime: 10 * 60_000,
  queryFn: ({ signal }) => readConversation(id, false, signal),
});

export async function readConversation(id: string, fresh: boolean, signal?: AbortSignal): Promise<OpenedConversation> {
  const now = await data(desk.GET('/v1/conversations/{id}', { signal, params: { path: { id }, query: { fresh } } }));
  return joined(cache.getQueryData(conversationQuery(id).queryKey), now);
}

/** What was read, and what is kept already: older pages, and what the desk told while the answer was under way. */
export function joined(before: OpenedConversation | undefined, now: OpenedConversation): OpenedConversation {
  const first = now.messages[0]?.id, last = now.messages[now.messages.length - 1]?.id;
  if (!before || !first || !last) return now;
  const joins = before.messages.some((m) => m.id >= first); // else there is a gap between: begin anew
  if (!joins) return now;
  const older = now.more ? before.messages.filter((m) => m.id < first) : [];
  const newer = before.messages.filter((m) => m.id > last);
  const conversation = before.conversation.version > now.conversation.version ? { ...before.conversation, allowed: now.conversation.allowed } : now.conversation;
  return { ...now, conversation, messages: [...older, ...now.messages, ...newer], more: older.length > 0 ? before.more : now.more };
}

const rereading = new Map<string, boolean>(); // which conversations are being read, and whether something changed since

/** Reads again, as it is this instant; what changes while it is read is read after. */
export async function reread(id: string): Promise<void> {
  if (rereading.has(id)) return void rereading.set(id, true);
  do {
    rereading.set(id, false);
    await cache.fetchQuery({ ...conversationQuery(id), staleTime: 0, queryFn: ({ signal }) => readConversation(id, true, signal) }).catch(() => {
      void cache.invalidateQueries({ queryKey: conversationQuery(id).queryKey });
    });
  } while (rereading.get(id));
  rereading.delete(id);
}

export async function readOlder(id: string): Promise<void> {
  const key = conversationQuery(id).queryKey;
  const before = cache.getQueryData(key)?.messages[0]?.id;
  if (!before) return;
  const page = await data(desk.GET('/v1/conversations/{id}/messages', { params: { path: { id }, query: { before, limit: 100 } } }));
  cache.setQueryData(key, (now) => now && now.messages[0]?.id === before ? { ...now, messages: [...page.messages, ...now.messages], more: page.more } : now);
}

/** Puts a message in the place that its id gives it. */
export function putMessage(id: string, m: Message): void {
  cache.setQueryData(conversationQuery(id).queryKey, (now) => now && { ...now, messages: placed(now.messages, m) });
}

export function placed(messages: readonly Message[], m: Message): Message[] {
  const last = messages[messages.length - 1];
  if (!last || last.id < m.id) return [...messages, m];
  const at = messages.findIndex((x) => x.id >= m.id);
  const out = [...messages];
  out.splice(at, messages[at]?.id === m.id ? 1 : 0, m);
  return out;
}

/** Changes a conversation wherever it is kept. */
export function patchConversation(id: string, change: (c: Conversation) => Conversation): void {
  cache.setQueryData(conversationQuery(id).queryKey, (now) => now && { ...now, conversation: change(now.conversation) });
  cache.setQueriesData<Pages>({ queryKey: ['list'] }, (pages) => pages && mapRows(pages, (c) => (c.id === id ? change(c) : c)));
}

function mapRows(pages: Pages, change: (c: Conversation) => Conversation): Pages {
  let touched = false;
  const next = pages.pages.map((page) => ({ ...page, items: page.items.map((c) => {
    const now = change(c);
    touched ||= now !== c;
    return now;
  }) }));
  return touched ? { ...pages, pages: next } : pages;
}

/** A newer state that the desk told: an older one is ignored, and what one may do is kept where it is not said. */
export function putConversation(c: Conversation): void {
  patchConversation(c.id, (was) => (c.version < was.version ? was : { ...c, allowed: c.allowed ?? was.allowed }));
}

export function findConversation(id: string): Conversation | undefined {
  const opened = cache.getQueryData(conversationQuery(id).queryKey)?.conversation;
  if (opened) return opened;
  for (const [, pages] of cache.getQueriesData<Pages>({ queryKey: ['list'] })) {
    const row = pages?.pages.flatMap((p) => p.items).find((c) => c.id === id);
    if (row) return row;
  }
  return undefined;
}

/** Puts a conversation into the lists where it now belongs, and takes it out of the others, before they are read again. */
export function fileConversation(c: Conversation, me: string | undefined): void {
  for (const [key, pages] of cache.getQueriesData<Pages>({ queryKey: ['list'] })) {
    if (!pages) continue;
    const [, view, of, status] = key as ReturnType<typeof listQuery>['queryKey'];
    const there = pages.pages.some((p) => p.items.some((x) => x.id === c.id));
    const wanted = c.status === status && belongs(c, view, of, me);
    if (there && !wanted) {
      cache.setQueryData<Pages>(key, { ...pages, pages: pages.pages.map((p) => ({ ...p, items: p.items.filter((x) => x.id !== c.id) })) });
    } else if (!there && wanted) {
      const [first, ...rest] = pages.pages;
      const oldestFirst = view === 'unassigned';
      if (!first || (oldestFirst && first.cursor)) continue; // its end was not read yet
      cache.setQueryData<Pages>(key, { ...pages, pages: [{ ...first, items: oldestFirst ? [...first.items, c] : [c, ...first.items] }, ...rest] });
    }
  }
}

export function belongs(c: Conversation, view: Place['view'], key: string, me: string | undefined): boolean {
  switch (view) {
    case 'mine':
      return c.assignee === me;
    case 'waiting':
      return c.waits_for === me;
    case 'unassigned':
      return !c.assignee && !c.waits_for;
    case 'department':
      return c.department === key;
    case 'inbox':
      return c.inbox === key;
    case 'label':
      return c.labels.includes(key);
    default:
      return true;
  }
}

/** Marks it unread from its newest customer's message on. */
export async function markUnread(id: string): Promise<void> {
  patchConversation(id, (c) => ({ ...c, unread: Math.max(1, c.unread) }));
  await data(desk.POST('/v1/conversations/{id}/unread', { params: { path: { id } } }));
}

const pause = 1000; // between two readings of the lists, however much happens
let soon: ReturnType<typeof setTimeout> | undefined;
let lastRead = 0;
const countPause = 1500; // counting reads every view
let counting: ReturnType<typeof setTimeout> | undefined;

/** Reads the lists again: at once, but not more often than every second. */
export function rereadListsSoon(): void {
  soon ??= setTimeout(() => {
    soon = undefined;
    lastRead = Date.now();
    void cache.invalidateQueries({ queryKey: ['list'] });
  }, Math.max(0, lastRead + pause - Date.now()));
  counting ??= setTimeout(() => {
    counting = undefined;
    void cache.invalidateQueries({ queryKey: countsQuery.queryKey });
  }, countPause);
}
