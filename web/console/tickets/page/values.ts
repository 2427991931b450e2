// What a field of the history is called, and its values: as the page shows them.
import { useQueries } from '@tanstack/react-query';
import { full } from '../../parts/time';
import { data, desk } from '../../shell/desk';
import { known, useWords, type Key } from '../../shell/words';
import { useTicketSettings } from '../lists';
import { useNames } from '../names';
import type { TicketChange } from './opened';

/** Gives the name of a field, and of a value in it; who asked for the ticket is looked up. */
export function useValues(changes: readonly TicketChange[]) {
  const say = useWords();
  const s = useTicketSettings();
  const names = useNames();
  const ids = [...new Set(changes.flatMap((c) => c.fields.filter((f) => f.field === 'requester').flatMap((f) => [f.from, f.to])).filter(Boolean))];
  const contacts = useQueries({ queries: ids.map((id) => ({ queryKey: ['contact', id], queryFn: () => data(desk.GET('/v1/contacts/{id}', { params: { path: { id } } })) })) });
  const word = (key: string, otherwise: string) => (known(key) ? say(key as Key) : otherwise);
  const relation = (text: string) => text.split(', ').map((one) => {
    const [kind = '', number = ''] = one.split(' ');
    return `${word(`relation.${kind}`, kind)} ${number}`;
  }).join(', ');
  const value = (field: string, text: string): string => {
    if (!text) return say('ticketPage.none');
    switch (field) {
      case 'type':
        return word(`tickets.type.${text}`, text);
      case 'status':
        return word(`ticketStatus.${text}`, text);
      case 'justification':
        return s.justifications.find((j) => j.id === text)?.name ?? text;
      case 'service':
        return names.service(text);
      case 'category':
        return names.category(text);
      case 'priority':
        return names.priority(text);
      case 'responsible':
        return names.agent(text);
      case 'requester': {
        const contact = contacts[ids.indexOf(text)]?.data;
        return contact?.name || contact?.email || text;
      }
      case 'due':
        return full(text);
      case 'relations':
        return relation(text);
      case 'conversations':
        return /\((\d+)\)$/.exec(text)?.[1] ?? text;
      default:
        return field.startsWith('sla.') ? word(`ticketPage.sla.${text}`, text) : text;
    }
  };
  const name = (field: string): string => (field.startsWith('sla.') ? word(`sla.target.${field.slice(4)}`, field) : word(`field.${field}`, field));
  return { name, value };
}
