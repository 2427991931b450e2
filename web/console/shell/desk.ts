// The one client of the desk, and what is kept of its answers.
import { deskClient, Refusal, type Agent, type Canned, type Counts, type Department, type Inbox, type Label, type Me, type Notification, type SavedView, type Template } from '@relevo/shared/api/desk';
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { belongsTo } from './own';
import { tokens } from './session';

export const desk = deskClient(tokens);

export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 30 * 60_000,
      refetchOnWindowFocus: false, // the open line tells
      refetchOnReconnect: false,
      retry: (tries, fault) => fault instanceof Refusal && fault.passing && tries < 2,
    },
    mutations: { retry: false },
  },
});

/** What a client call gives, without its envelope: refusals were thrown. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const me = await data(desk.GET('/v1/me'));
    belongsTo(me.agent.id); // before anything is shown
    return me;
  },
});

const rarely = 5 * 60_000;
const whole = { query: { deleted: true, limit: 100 } } as const;
export const agentsQuery = queryOptions({ queryKey: ['agents'], staleTime: 15_000, queryFn: async () => (await data(desk.GET('/v1/agents', { params: whole }))).items });
export const departmentsQuery = queryOptions({ queryKey: ['departments'], staleTime: rarely, queryFn: async () => (await data(desk.GET('/v1/departments', { params: whole }))).items });
export const inboxesQuery = queryOptions({ queryKey: ['inboxes'], staleTime: rarely, queryFn: async () => (await data(desk.GET('/v1/inboxes', { params: whole }))).items });
export const labelsQuery = queryOptions({ queryKey: ['labels'], staleTime: rarely, queryFn: async () => (await data(desk.GET('/v1/labels', { params: whole }))).items });
export const cannedQuery = queryOptions({ queryKey: ['canned'], staleTime: rarely, queryFn: async () => (await data(desk.GET('/v1/canned', { params: { query: { limit: 100 } } }))).items });
export const templatesQuery = (inbox: string) => queryOptions({ queryKey: ['templates', inbox], staleTime: rarely, queryFn: async () => (await data(desk.GET('/v1/templates', { params: { query: { inbox, limit: 100 } } }))).items });
export const notificationsQuery = queryOptions({ queryKey: ['notifications'], queryFn: async () => (await data(desk.GET('/v1/notifications', { params: { query: { limit: 50 } } }))).items });

export const viewsQuery = queryOptions({ queryKey: ['views'], staleTime: rarely, queryFn: async () => (await data(desk.GET('/v1/views', { params: { query: { limit: 100 } } }))).items });
export const countsQuery = queryOptions({ queryKey: ['counts'], queryFn: async () => (await data(desk.GET('/v1/conversations/counts'))).counts });

const none: never[] = [];
export const useMe = (): Me => useQuery(meQuery).data as Me; // the frame shows nothing before it is there
export const useAgents = (): Agent[] => useQuery(agentsQuery).data ?? none;
export const useDepartments = (): Department[] => useQuery(departmentsQuery).data ?? none;
export const useInboxes = (): Inbox[] => useQuery(inboxesQuery).data ?? none;
export const useLabels = (): Label[] => useQuery(labelsQuery).data ?? none;
export const useCanned = (): Canned[] => useQuery(cannedQuery).data ?? none;
export const useTemplates = (inbox: string): Template[] => useQuery(templatesQuery(inbox)).data ?? none;
const ofTickets = (v: SavedView) => v.filter.view === 'tickets';
export const useViews = (): SavedView[] => useQuery({ ...viewsQuery, select: ofConversations }).data ?? none;
export const useTicketViews = (): SavedView[] => useQuery({ ...viewsQuery, select: ticketViews }).data ?? none;
function ofConversations(all: SavedView[]): SavedView[] {
  return all.filter((v) => !ofTickets(v));
}
function ticketViews(all: SavedView[]): SavedView[] {
  return all.filter(ofTickets);
}
export const useCounts = (): Counts | undefined => useQuery(countsQuery).data;
export const useNotifications = (): Notification[] => useQuery(notificationsQuery).data ?? none;

/** The name of a noun by its id; the id itself if it is not known. */
export function nameOf(nouns: readonly { id: string; name: string }[], id: string | undefined): string {
  if (!id) return '';
  return nouns.find((n) => n.id === id)?.name ?? id;
}

export const alive = <T extends { deleted?: boolean }>(nouns: readonly T[]): T[] => nouns.filter((n) => !n.deleted);
