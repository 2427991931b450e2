// The status of a ticket, and why it is in it (B103, B104).
import type { Ticket } from '@relevo/shared/api/desk';
import { CircleCheck } from 'lucide-react';
import { Icon, Ring } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { moment } from '../../parts/time';
import { useWords } from '../../shell/words';
import { chosen, useTicketSettings } from '../lists';
import { ticketStatuses } from '../search';
import { change } from './opened';
import { PickList } from './PickList';
import css from './ticket.module.css';

const shares = { new: 1, in_progress: 0.5, pending: 0.25, resolved: 0, closed: 0 } as const;
const Mark = ({ of }: { of: keyof typeof shares }) => (of === 'resolved' || of === 'closed' ? <Icon of={CircleCheck} size="m" /> : <Ring left={shares[of]} />);

export function State({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const s = useTicketSettings();
  const reasons = s.justifications.filter((j) => j.status === t.status);
  const why = reasons.find((j) => j.id === t.justification);
  const open = chosen(reasons);
  return (
    <div className={css.state}>
      {t.status && <PickList edge label={say('status')} value={t.status} locked={locked} shown={<><Mark of={t.status} /><span>{say(`ticketStatus.${t.status}`)}</span></>}
        options={ticketStatuses.map((x) => ({ id: x, text: say(`ticketStatus.${x}`), mark: <Mark of={x} /> }))} onPick={(id) => void change(t.number, { status: id as NonNullable<Ticket['status']> })} />}
      {!s.disabled.includes('justification') && (open.length > 0 || why) && <PickList edge label={say('ticketPage.justification')} value={t.justification ?? ''} locked={locked} shown={<span>{why?.name ?? say('ticketPage.noReason')}</span>}
        options={[{ id: '', text: say('ticketPage.noReason') }, ...open.map((j) => ({ id: j.id, text: j.name }))]} onPick={(id) => void change(t.number, { justification: id })} />}
      <span className={parts.help}>{say('ticketPage.opened', { who: t.created_by.name || say('ticketPage.desk'), at: moment(t.created_at) })}</span>
    </div>
  );
}
