// What a ticket's fields are called: statuses in the agent's language, the rest as the account named it.
import { alive, useAgents } from '../shell/desk';
import { known, useWords, type Key } from '../shell/words';
import { chosen, useTicketSettings, type TicketChoice } from './lists';
import { none, ticketStatuses, type By } from './search';

const named = (of: readonly TicketChoice[], id: string | undefined): string => (id ? (of.find((c) => c.id === id)?.name ?? id) : '');
const standard: Record<string, string> = { low: 'Low', medium: 'Medium', high: 'High', urgent: 'Urgent' };

/** How the choices of an account are called. Standard priorities that nobody renamed are so in the agent's language. */
export function useNames() {
  const say = useWords();
  const s = useTicketSettings();
  const agents = useAgents();
  const priority = (id: string | undefined): string => {
    const name = named(s.priorities, id);
    const key = `priority.${id}`;
    return id && name === standard[id] && known(key) ? say(key as Key) : name;
  };
  return {
    priority,
    /** The share of urgency: 0 for none, 1 for the highest. */
    rank: (id: string | undefined): number => (id ? (chosen(s.priorities).findIndex((p) => p.id === id) + 1) / Math.max(1, chosen(s.priorities).length) : 0),
    service: (id: string | undefined): string => named(s.services, id),
    category: (id: string | undefined): string => named(s.categories, id),
    agent: (id: string | undefined): string => (id ? (agents.find((a) => a.id === id)?.name ?? id) : say('nobody')),
  };
}

export interface Column { key: string; title: string }

/** The columns of a board, or groups of a list; "none" is without. Priorities come highest first. */
export function useColumnsBy(by: By): Column[] {
  const say = useWords();
  const s = useTicketSettings();
  const agents = alive(useAgents()).filter((a) => a.role !== 'viewer');
  const names = useNames();
  switch (by) {
    case 'status':
      return ticketStatuses.map((key) => ({ key, title: say(`ticketStatus.${key}`) }));
    case 'responsible':
      return [{ key: none, title: say('nobody') }, ...agents.map((a) => ({ key: a.id, title: a.name }))];
    case 'priority':
      return [...chosen(s.priorities).reverse().map((p) => ({ key: p.id, title: names.priority(p.id) })), { key: none, title: say('tickets.noPriority') }];
    case 'service':
      return [...chosen(s.services).map((v) => ({ key: v.id, title: v.name })), { key: none, title: say('tickets.noService') }];
  }
}
