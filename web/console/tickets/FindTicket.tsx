// Finds a ticket by number and by the words in it (B77, B78); first those of the contact and the newest are offered.
import type { Ticket } from '@relevo/shared/api/desk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Ticket as TicketIcon } from 'lucide-react';
import { useState } from 'react';
import { faultOf } from '../contacts/find';
import { Choices } from '../parts/Choices';
import picks from '../parts/choices.module.css';
import { data, desk } from '../shell/desk';
import { useSettled } from '../shell/settled';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { foundQuery } from './lists';

export function FindTicket({ contact, onTaken }: { contact: string; onTaken(t: Ticket): void }) {
  const say = useWords();
  const [typed, type] = useState('');
  const wanted = typed.trim();
  const q = useSettled(wanted);
  const number = /^#?\d+$/.test(wanted) ? Number(wanted.replace('#', '')) : undefined;
  const own = useQuery({ queryKey: ['contact', contact, 'tickets'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/tickets', { params: { path: { id: contact }, query: { limit: 100 } } }))).items });
  const newest = useQuery({ queryKey: ['tickets', 'recent'], staleTime: 30_000, queryFn: async () => (await data(desk.GET('/v1/tickets', { params: { query: { status: 'open', limit: 25 } } }))).items });
  const exact = useQuery({ queryKey: ['ticket', number], enabled: number !== undefined && number > 0, retry: false, queryFn: () => data(desk.GET('/v1/tickets/{number}', { params: { path: { number: number ?? 0 } } })) });
  const found = useQuery({ ...foundQuery(q), enabled: q !== '', placeholderData: keepPreviousData });
  const fault = wanted === '' || wanted !== q ? undefined : faultOf(found);
  const busy = wanted !== '' && !fault && (wanted !== q || found.isPlaceholderData || found.isPending);
  const fitting = new Set(busy || fault || wanted === '' ? [] : found.data?.map((t) => t.number));
  const tickets = new Map<number, Ticket>();
  for (const t of [...(number && exact.data ? [exact.data.ticket] : []), ...(wanted ? found.data ?? [] : []), ...(own.data ?? []), ...(newest.data ?? [])]) if (!tickets.has(t.number)) tickets.set(t.number, t);
  const mine = new Set(own.data?.map((t) => t.number));
  return (
    <Choices failed={fault && { why: reasonOf(fault), retry: () => void found.refetch() }} label={say('ticket.find')} typed={typed} onTyped={type} empty={say(busy ? 'searching' : 'nothingFound')}
      onTaken={(id) => { const t = tickets.get(Number(id)); if (t) onTaken(t); }}
      options={[...tickets.values()].slice(0, 200).map((t) => ({
        id: String(t.number), text: `${t.number} ${t.subject ?? ''}`, icon: TicketIcon, sure: fitting.has(t.number) || (t.number === number),
        view: <span className={picks.two}><span>{t.number} · {t.subject}</span><small>{t.status && say(`ticketStatus.${t.status}`)}{mine.has(t.number) && ` · ${say('ticket.ofContact')}`}</small></span>,
      }))} />
  );
}
