// Finds a ticket by number, or among those of the contact and the newest ones by the words of its subject.
import type { Ticket } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { Ticket as TicketIcon } from 'lucide-react';
import { useState } from 'react';
import { Choices } from '../parts/Choices';
import picks from '../parts/choices.module.css';
import { data, desk } from '../shell/desk';
import { useWords } from '../shell/words';

const open = ['new', 'in_progress', 'pending', 'resolved'] as const;

export function FindTicket({ contact, onTaken }: { contact: string; onTaken(t: Ticket): void }) {
  const say = useWords();
  const [typed, type] = useState('');
  const number = /^#?\d+$/.test(typed.trim()) ? Number(typed.trim().replace('#', '')) : undefined;
  const own = useQuery({ queryKey: ['contact', contact, 'tickets'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/tickets', { params: { path: { id: contact }, query: { limit: 100 } } }))).items });
  const all = useQuery({ queryKey: ['tickets', 'recent'], staleTime: 30_000, queryFn: async () => (await Promise.all(open.map((status) => data(desk.GET('/v1/tickets', { params: { query: { status, limit: 100 } } }))))).flatMap((p) => p.items) });
  const exact = useQuery({ queryKey: ['ticket', number], enabled: number !== undefined && number > 0, retry: false, queryFn: () => data(desk.GET('/v1/tickets/{number}', { params: { path: { number: number ?? 0 } } })) });
  const tickets = new Map<number, Ticket>();
  for (const t of [...(number && exact.data ? [exact.data.ticket] : []), ...(own.data ?? []), ...(all.data ?? [])]) if (!tickets.has(t.number)) tickets.set(t.number, t);
  const mine = new Set(own.data?.map((t) => t.number));
  return (
    <Choices label={say('ticket.find')} typed={typed} onTyped={type} empty={say('nothingFound')}
      onTaken={(id) => { const t = tickets.get(Number(id)); if (t) onTaken(t); }}
      options={[...tickets.values()].slice(0, 200).map((t) => ({
        id: String(t.number), text: `${t.number} ${t.subject}`, icon: TicketIcon,
        view: <span className={picks.two}><span>{t.number} · {t.subject}</span><small>{t.status && say(`ticketStatus.${t.status}`)}{mine.has(t.number) && ` · ${say('ticket.ofContact')}`}</small></span>,
      }))} />
  );
}
