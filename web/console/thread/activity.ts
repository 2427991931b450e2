// The sentence of an activity line, in the agent's language.
import type { Message } from '@relevo/shared/api/desk';
import { ArrowRightLeft, AlarmClock, BellOff, Check, CircleAlert, Globe, Hand, Mail, Settings2, Tag, Ticket, Trash2, UserRoundPlus, type LucideIcon } from 'lucide-react';
import { known, say, type Key } from '../shell/words';

interface Names {
  agent(id: string | undefined): string;
  department(id: string | undefined): string;
  label(id: string): string;
}

const icons: Record<string, LucideIcon> = {
  'conversation.created': Globe, 'conversation.assigned': UserRoundPlus, 'conversation.unassigned': UserRoundPlus, 'conversation.accepted': Hand,
  'conversation.transferred': ArrowRightLeft, 'conversation.snoozed': AlarmClock, 'conversation.woken': AlarmClock, 'conversation.closed': Check, 'conversation.muted': BellOff,
  'conversation.unmuted': BellOff, 'conversation.labelled': Tag, 'conversation.linked': Ticket, 'conversation.unlinked': Ticket, 'conversation.ticket_proposed': Ticket, 'conversation.ticket_rejected': Ticket,
  'conversation.breached': CircleAlert, 'conversation.warned': CircleAlert,
  'conversation.transcript': Mail, 'message.deleted': Trash2, 'contact.captured': Mail,
};

export const iconOf = (m: Message): LucideIcon => icons[m.event ?? ''] ?? Settings2;

export function tell(m: Message, names: Names): string {
  const d = m.data ?? {};
  const taken = m.event === 'conversation.assigned' && m.author.kind === 'user' && d['agent'] === m.author.id;
  const key = taken ? 'event.conversation.taken' : `event.${m.event}`;
  if (!known(key)) return m.event ?? '';
  const labels = (ids: string | undefined, sign: string) => (ids ?? '').split(/[ ,]+/).filter(Boolean).map((id) => `${sign} ${names.label(id)}`).join(', ');
  const priority = `priority.${d['to']}`;
  return say(key as Key, {
    who: whoOf(m), to: d['name'] ?? d['to'] ?? (d['agent'] ? names.agent(d['agent']) : names.department(d['department'])),
    number: d['number'] ?? '', ticket: d['ticket'] ?? '', email: d['email'] ?? '', rating: d['rating'] ?? '', address: d['to'] ?? '',
    labels: [labels(d['added'], '+'), labels(d['removed'], '−')].filter(Boolean).join(', '),
    priority: known(priority) ? say(priority as Key).toLowerCase() : d['to'] ?? '',
    note: [d['category'], d['summary']].filter(Boolean).join(': '),
  }).replace(/\s+$/, '');
}

export function whoOf(m: Message): string {
  if (m.author.kind === 'customer') return say('customer');
  return m.author.name || 'Relevo';
}
