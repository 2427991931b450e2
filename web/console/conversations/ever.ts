import type { Conversation } from '@relevo/shared/api/desk';
import { queryOptions } from '@tanstack/react-query';
import { data, desk } from '../shell/desk';

const statuses: Conversation['status'][] = ['open', 'resolved', 'pending', 'snoozed'];

/** Whether a customer has ever written. */
export const everQuery = queryOptions({
  queryKey: ['ever'] as const,
  staleTime: (q) => (q.state.data ? Infinity : 0),
  queryFn: async () => {
    for (const status of statuses) {
      if ((await data(desk.GET('/v1/conversations', { params: { query: { view: 'all', status, limit: 1 } } }))).items.length > 0) return true;
    }
    return false;
  },
});
