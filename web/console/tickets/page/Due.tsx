// When a ticket is due: not said, said by hand where the role may, or by its contract (B96-B98).
import type { Ticket } from '@relevo/shared/api/desk';
import { Lock } from 'lucide-react';
import { useId, useState } from 'react';
import { Button, Icon, OnlyRead } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { moment } from '../../parts/time';
import { useMe } from '../../shell/desk';
import { useWords } from '../../shell/words';
import { DueChip } from '../cells';
import { useTicketSettings } from '../lists';
import css from './facts.module.css';
import { change } from './opened';
import { At } from './PickList';

export function Due({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const role = useMe().agent.role;
  const may = useTicketSettings().due_by_hand.some((r) => r === role);
  const shown = t.due ? <span className={css.due}><span>{moment(t.due.at)}</span><DueChip of={t} /></span> : <span>{say('ticketPage.noDue')}</span>;
  const by = t.due?.by === 'contract' ? 'ticketPage.dueByContract' : 'ticketPage.dueNotYours';
  if (!may || locked) return <span className={css.plain}>{shown}{!locked && <span className={css.lock} title={say(by)}><Icon of={Lock} size="s" /><OnlyRead>{say(by)}</OnlyRead></span>}</span>;
  return <At label={say('ticketPage.due')} locked={false} shown={shown}>{(shut) => <ByHand of={t} onDone={shut} />}</At>;
}

/** An instant as a field of day and time has it, where the agent is. */
function local(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function ByHand({ of: t, onDone }: { of: Ticket; onDone(): void }) {
  const say = useWords();
  const id = useId();
  const [typed, type] = useState(() => local(t.due ? new Date(t.due.at) : new Date(Date.now() + 24 * 3_600_000)));
  const at = Date.parse(typed);
  const set = (due: { at?: string }) => void change(t.number, { due }).then((done) => { if (done) onDone(); });
  return (
    <form className={css.byHand} onSubmit={(e) => { e.preventDefault(); if (!Number.isNaN(at)) set({ at: new Date(at).toISOString() }); }}>
      <label className={parts.label} htmlFor={id}>{say('ticketPage.due')}</label>
      <input className={parts.input} id={id} type="datetime-local" value={typed} min={local(new Date())} max="9999-12-31T23:59" required autoFocus onChange={(e) => type(e.target.value)} />
      {t.due?.by === 'contract' && <p className={parts.help}>{say('ticketPage.dueInstead')}</p>}
      <div className={css.row}><Button look="go" type="submit" disabled={Number.isNaN(at)}>{say('ticketPage.set')}</Button>{t.due && <Button onClick={() => set({})}>{say('ticketPage.noDue')}</Button>}</div>
    </form>
  );
}
