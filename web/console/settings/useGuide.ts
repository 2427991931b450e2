import { useQuery } from '@tanstack/react-query';
import { everQuery } from '../conversations/ever';
import { agentsQuery, cannedQuery, departmentsQuery, inboxesQuery, labelsQuery } from '../shell/desk';
import { steps, taken, type Known, type Step } from './guide';

/** How far the first steps are; undefined until it is known. Who watches sees the first message tick its step. */
export function useGuide(watch = false): { known: Known; done: Step[]; now: Step | undefined } | undefined {
  const departments = useQuery(departmentsQuery).data;
  const inboxes = useQuery(inboxesQuery).data;
  const agents = useQuery(agentsQuery).data;
  const canned = useQuery(cannedQuery).data;
  const labels = useQuery(labelsQuery).data;
  const written = useQuery({ ...everQuery, refetchInterval: (q) => (watch && q.state.data === false ? 10_000 : false) }).data;
  if (!departments || !inboxes || !agents || !canned || !labels || written === undefined) return undefined;
  const known = { departments, inboxes, agents, canned, labels, written };
  const done = taken(known);
  return { known, done, now: steps.find((s) => !done.includes(s)) };
}
