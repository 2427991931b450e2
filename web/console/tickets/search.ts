// What of the tickets is shown, as it stands in the address: /tickets?status=pending&responsible=me.
import type { Ticket } from '@relevo/shared/api/desk';

export const ticketStatuses = ['new', 'in_progress', 'pending', 'resolved', 'closed'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];
export const listStatuses = ['open', 'done', ...ticketStatuses] as const;
export const sorts = ['newest', 'oldest', 'due'] as const;
export type Sort = (typeof sorts)[number];
export const groupings = ['status', 'responsible', 'priority', 'service'] as const;
export type By = (typeof groupings)[number];

/** Without one: of nobody, without a priority or service. */
export const none = 'none';
/** Who looks at it: a shared list of "mine" is everybody's own. */
export const myself = 'me';

export interface TicketSearch {
  /** Absent: open. */
  status?: (typeof listStatuses)[number];
  responsible?: string;
  priority?: string;
  service?: string;
  category?: string;
  requester?: string;
  type?: 'public' | 'internal';
  tag?: string;
  /** Words or a number to be found. */
  q?: string;
  /** Absent: newest. */
  sort?: Sort;
  by?: By;
  /** Columns of the list, with commas between them; absent: those that the agent chose. */
  columns?: string;
}

const one = <T extends string>(of: readonly T[], value: unknown): T | undefined => of.find((x) => x === value);
const text = (value: unknown, max: number): string | undefined => {
  const s = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return s.length > 0 && s.length <= max ? s : undefined;
};

/** Reads an address; what makes no sense is left out. */
export function searchOf(s: Record<string, unknown>): TicketSearch {
  const read: TicketSearch = {
    status: one(listStatuses, s['status']), responsible: text(s['responsible'], 100), priority: text(s['priority'], 100), service: text(s['service'], 100),
    category: text(s['category'], 100), requester: text(s['requester'], 100), type: one(['public', 'internal'], s['type']), tag: text(s['tag'], 50),
    q: text(s['q'], 200), sort: one(sorts, s['sort']), by: one(groupings, s['by']), columns: text(s['columns'], 200),
  };
  return tidy(read);
}

/** Without what is absent or goes without saying. */
export function tidy(s: TicketSearch): TicketSearch {
  const said = { ...s, status: s.status === 'open' ? undefined : s.status, sort: s.sort === 'newest' ? undefined : s.sort };
  return Object.fromEntries(Object.entries(said).filter(([, v]) => v !== undefined && v !== '')) as TicketSearch;
}

const filterNames = ['status', 'responsible', 'priority', 'service', 'category', 'requester', 'type', 'tag'] as const;

/** What the desk is asked for: a list of GET /v1/tickets. */
export interface Asked extends Pick<TicketSearch, 'responsible' | 'priority' | 'service' | 'category' | 'requester' | 'type' | 'tag'> {
  status: (typeof listStatuses)[number];
  sort?: Sort;
}

export function askedOf(s: TicketSearch, me: string): Asked {
  const asked: Asked = { status: s.status ?? 'open' };
  for (const name of filterNames) if (name !== 'status' && s[name]) Object.assign(asked, { [name]: name === 'responsible' && s.responsible === myself ? me : s[name] });
  if (s.sort && s.sort !== 'newest') asked.sort = s.sort;
  return asked;
}

/** One column of a board, or group of a list: the same, of one status, responsible, priority or service. */
export function columnOf(asked: Asked, by: By, key: string): Asked {
  const { sort, ...rest } = asked;
  return { ...rest, ...(sort && sort !== 'due' ? { sort } : {}), [by]: key };
}

/** How much narrows the list. */
export const narrowings = (s: TicketSearch): number => filterNames.filter((n) => n !== 'status' && s[n]).length;

const done = (status: string | undefined) => status === 'resolved' || status === 'closed';

/** Whether a ticket belongs in a list, as the desk decides it. */
export function holds(a: Asked, t: Ticket): boolean {
  const fits = (want: string | undefined, is: string | undefined) => want === undefined || want === (is || none);
  if (t.merged_into) return false;
  if (t.status && (a.status === 'open' ? done(t.status) : a.status === 'done' ? !done(t.status) : a.status !== t.status)) return false;
  if (a.sort === 'due' && !t.due) return false;
  return (!a.requester || a.requester === t.requester) && (!a.category || a.category === t.category) && (!a.type || a.type === t.type) && (!a.tag || (t.tags ?? []).includes(a.tag))
    && fits(a.responsible, t.responsible) && fits(a.priority, t.priority) && fits(a.service, t.service);
}

/** Which comes first in a list of that order. */
export function before(a: Ticket, b: Ticket, sort: Sort = 'newest'): number {
  if (sort === 'due') return (a.due?.at ?? '').localeCompare(b.due?.at ?? '') || a.number - b.number;
  const older = a.created_at.localeCompare(b.created_at) || a.number - b.number;
  return sort === 'oldest' ? older : -older;
}

/** A ticket as it is once it was moved to a column. */
export function moved(t: Ticket, by: By, key: string): Ticket {
  if (by === 'status') return { ...t, status: key as TicketStatus, justification: undefined };
  return { ...t, [by]: key === none ? undefined : key };
}

/** In which column of a board a ticket stands. */
export const columnKey = (t: Ticket, by: By): string => t[by] || none;
