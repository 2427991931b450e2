// Contacts as they are found: by the beginnings of their words, asked of the desk as one types.
import { Refusal, type Contact } from '@relevo/shared/api/desk';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { data, desk } from '../shell/desk';
import { useSettled } from '../shell/settled';

const least = 2; // letters from which on the desk is asked

const foundQuery = (q: string) => queryOptions({
  queryKey: ['contacts', 'found', q] as const, staleTime: 10_000,
  queryFn: async ({ signal }) => (await data(desk.GET('/v1/contacts', { signal, params: { query: q ? { q } : { limit: 20 } } }))).items, // an answer that nobody waits for any more is cancelled
});

export interface FoundContacts {
  /** Those that the desk found, and the newest: whoever was made a moment ago is not in its index yet. */
  contacts: readonly Contact[];
  /** Whether the desk found it by what is typed now. */
  fits(c: Contact): boolean;
  busy: boolean;
  /** Why the desk could not be asked, if it could not. */
  fault: Error | undefined;
  retry(): void;
}

/** Why a search gave nothing: it was refused, or waits for the network. */
export function faultOf(search: { error: Error | null; fetchStatus: string }): Error | undefined {
  return search.fetchStatus === 'paused' ? new Refusal('offline', 0, 'no connection') : (search.error ?? undefined);
}

/** Whom one may mean by what is typed. */
export function useFoundContacts(typed: string): FoundContacts {
  const wanted = typed.trim().length < least ? '' : typed.trim();
  const q = useSettled(wanted);
  const newest = useQuery(foundQuery('')).data ?? [];
  const query = useQuery({ ...foundQuery(q), placeholderData: keepPreviousData });
  const fault = wanted === '' || wanted !== q ? undefined : faultOf(query);
  const busy = wanted !== '' && !fault && (wanted !== q || query.isPlaceholderData || query.isPending);
  const found = query.data ?? [];
  const ids = new Set(found.map((c) => c.id));
  return { contacts: [...found, ...newest.filter((c) => !ids.has(c.id))], fits: (c) => !busy && !fault && ids.has(c.id), busy, fault, retry: () => void query.refetch() };
}
