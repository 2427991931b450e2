// What lists and boards show of a ticket.
import type { Ticket } from '@relevo/shared/api/desk';
import { Check, OctagonAlert } from 'lucide-react';
import { standing } from '../parts/clocks';
import { useNow } from '../parts/now';
import { Chip, Icon, OnlyRead, Ring } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { full, span, when } from '../parts/time';
import { useWords } from '../shell/words';
import { useNames } from './names';

const soon = 4 * 3_600_000; // of a forecast that was set by hand: then it is amber

/** When it is due, as time that is left: it counts down while it is looked at. */
export function DueChip({ of: t }: { of: Ticket }) {
  const say = useWords();
  const now = useNow();
  const clock = t.clocks?.resolution;
  const by = clock && t.due?.by !== 'hand' ? clock : undefined;
  if (t.status === 'resolved' || t.status === 'closed') return <Chip look="Done" title={t.status_at && full(t.status_at)}><Icon of={Check} size="s" />{when(t.status_at ?? t.updated_at)}</Chip>;
  if (by?.paused) return <Chip look="Clock"><Ring left={standing(by, now).share} />{say('tickets.paused')}</Chip>;
  if (!t.due) return <OnlyRead>{say('tickets.noDue')}</OnlyRead>;
  const left = Date.parse(t.due.at) - now;
  const at = say('tickets.dueAt', { at: full(t.due.at) });
  if (left <= 0) return <Chip look="Late" title={at}><Ring left={1} />{say('sla.late', { span: span(-left) })}</Chip>;
  const { state, share } = by ? standing(by, now) : { state: left < soon ? 'due' : 'plain', share: Math.min(1, left / (7 * 86_400_000)) };
  return <Chip look={state === 'due' ? 'Due' : 'Clock'} title={at}><Ring left={share} />{span(left)}</Chip>;
}

/** How urgent, as bars: the account's own priorities too. */
export function PriorityMark({ of: id, named }: { of: string | undefined; named?: boolean }) {
  const say = useWords();
  const names = useNames();
  const rank = names.rank(id);
  const name = names.priority(id);
  const mark = id && rank >= 1 ? <Icon of={OctagonAlert} size="m" /> : (
    <svg className={parts.bars} viewBox="0 0 12 12" aria-hidden="true">{[[0, 7, 5], [4.5, 4, 8], [9, 0, 12]].map(([x, y, height], i) => <rect key={x} x={x} y={y} width="3" height={height} rx="1" data-off={i >= Math.ceil(rank * 4) ? '' : undefined} />)}</svg>
  );
  if (named) return id ? <>{mark} {name}</> : null;
  return id ? <span title={name}>{mark}<OnlyRead>{say('tickets.priorityIs', { name })}</OnlyRead></span> : null;
}

export const StatusChip = ({ of: status }: { of: NonNullable<Ticket['status']> }) => {
  const say = useWords();
  return <Chip look={status === 'resolved' || status === 'closed' ? 'Done' : 'State'}>{say(`ticketStatus.${status}`)}</Chip>;
};
