// Fields of the tickets' dialogs: what is chosen from the account's lists.
import { useId, type ReactNode } from 'react';
import { Options } from '../parts/Options';
import css from '../parts/parts.module.css';
import { alive, useAgents } from '../shell/desk';
import { useWords } from '../shell/words';
import { chosen, useTicketSettings, type TicketField } from './lists';
import { useNames } from './names';

export function Pick({ label, value, onChange, children, fault }: { label: string; value: string; onChange(value: string): void; children: ReactNode; fault?: string }) {
  const id = useId();
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>{label}</label>
      <Options id={id} value={value} aria-invalid={fault ? true : undefined} aria-describedby={fault ? `${id}-fault` : undefined} onChange={(e) => onChange(e.target.value)}>{children}</Options>
      {fault && <span className={css.helpLate} id={`${id}-fault`} role="alert">{fault}</span>}
    </div>
  );
}

export interface PickedFields { priority?: string; service?: string; category?: string; responsible?: string }

/** Priority, service, category and responsible, as far as they are switched on. first: what stands for none, or for any. */
export function Picks({ value, onChange, first, people, faults }: { value: PickedFields; onChange(patch: PickedFields): void; first: string; people: ReactNode; faults?: PickedFields }) {
  const say = useWords();
  const s = useTicketSettings();
  const names = useNames();
  const agents = alive(useAgents()).filter((a) => a.role !== 'viewer');
  const on = (field: TicketField) => !s.disabled.includes(field);
  const sectors = [...new Set(chosen(s.services).map((v) => v.sector ?? ''))];
  const services = (sector: string) => chosen(s.services).filter((v) => (v.sector ?? '') === sector).map((v) => <option key={v.id} value={v.id}>{v.name}</option>);
  return (
    <>
      {on('priority') && <Pick label={say('tickets.priority')} value={value.priority ?? ''} fault={faults?.priority} onChange={(priority) => onChange({ priority })}><option value="">{first}</option>{chosen(s.priorities).map((p) => <option key={p.id} value={p.id}>{names.priority(p.id)}</option>)}</Pick>}
      {on('service') && chosen(s.services).length > 0 && (
        <Pick label={say('tickets.service')} value={value.service ?? ''} fault={faults?.service} onChange={(service) => onChange({ service })}>
          <option value="">{first}</option>{sectors.map((sector) => (sector ? <optgroup key={sector} label={sector}>{services(sector)}</optgroup> : services('')))}
        </Pick>
      )}
      {on('category') && chosen(s.categories).length > 0 && <Pick label={say('tickets.category')} value={value.category ?? ''} fault={faults?.category} onChange={(category) => onChange({ category })}><option value="">{first}</option>{chosen(s.categories).map((c) => <option key={c.id} value={c.id}>{c.name}</option>)}</Pick>}
      <Pick label={say('ticket.responsible')} value={value.responsible ?? ''} fault={faults?.responsible} onChange={(responsible) => onChange({ responsible })}>{people}{agents.map((a) => <option key={a.id} value={a.id}>{a.name}</option>)}</Pick>
    </>
  );
}
