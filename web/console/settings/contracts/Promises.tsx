import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { targets, type Target } from '../../parts/clocks';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import { chosen, useTicketSettings } from '../../tickets/lists';
import { useNames } from '../../tickets/names';
import { Fault } from '../fields';
import { Options } from '../../parts/Options';
import { unitOf, units, type Unit } from '../inboxes/span';
import css from '../more.module.css';
import { RowPick, useRowField } from '../rows';
import type { Form } from '../useForm';
import type { Value } from './Contracts';

const longest = 90 * units.days; // as the desk takes

/** Within what working time each target is met, by priority. */
export function Promises({ form }: { form: Form<Value> }) {
  const say = useWords();
  const names = useNames();
  const priorities = chosen(useTicketSettings().priorities);
  const { promises } = form.value;
  const free = ['', ...priorities.map((p) => p.id)].find((id) => !promises.some((p) => (p.priority ?? '') === id));
  form.shows('promises');
  const whole = form.trouble?.field === 'promises' ? form.fault('promises') : undefined;
  const change = (i: number, patch: Partial<Value['promises'][number]>) => form.set({ promises: promises.map((p, at) => (at === i ? { ...p, ...patch } : p)) });
  return (
    <div className={parts.field} role="group" aria-label={say('contracts.promises')}>
      <span className={parts.label}>{say('contracts.promises')}</span>
      <div className={css.list}>
        {promises.map((p, i) => {
          const title = p.priority ? names.priority(p.priority) : say('contracts.anyPriority');
          const fault = form.trouble?.field === `promises.${i}` ? form.fault(`promises.${i}`) : undefined;
          return (
            <div key={i} className={css.card} role="group" aria-label={title}>
              <div className={css.cardHead}>
                <RowPick form={form} name={`promises.${i}.priority`} label={say('details.priority')} value={p.priority ?? ''} onChange={(id) => change(i, { priority: id || undefined })}>
                  <option value="">{say('contracts.anyPriority')}</option>{priorities.map((x) => <option key={x.id} value={x.id}>{names.priority(x.id)}</option>)}
                </RowPick>
                {promises.length > 1 && <Button tiny icon={X} name={say('contracts.takePromise', { name: title })} onClick={() => form.set({ promises: promises.filter((_, at) => at !== i) })} />}
              </div>
              <div className={css.targets}>
                {targets.map((t) => <Within key={t} form={form} name={`promises.${i}.${t}_seconds`} target={t} seconds={p[`${t}_seconds`] ?? 0} onChange={(seconds) => change(i, { [`${t}_seconds`]: seconds })} />)}
              </div>
              {fault && <Fault>{fault}</Fault>}
            </div>
          );
        })}
      </div>
      {whole && <Fault>{whole}</Fault>}
      {free !== undefined && promises.length < 20 && <div><Button look="edge" icon={Plus} onClick={() => form.set({ promises: [...promises, { ...(free ? { priority: free } : {}), first_response_seconds: 3600, next_response_seconds: 0, resolution_seconds: 0 }] })}>{say('contracts.addPromise')}</Button></div>}
    </div>
  );
}

/** A number and a unit, never seconds; empty where nothing is promised. */
function Within({ form, name, target, seconds, onChange }: { form: Form<Value>; name: string; target: Target; seconds: number; onChange(seconds: number): void }) {
  const say = useWords();
  const [unit, setUnit] = useState<Unit>(seconds ? unitOf(seconds) : 'hours');
  const { aria, fault } = useRowField(form, name);
  const shown = seconds % units[unit] === 0 ? unit : unitOf(seconds);
  const label = say(`sla.target.${target}`);
  const to = (count: number, u: Unit) => onChange(Math.min(longest, Math.max(0, Math.round(count || 0)) * units[u]));
  return (
    <div className={parts.field} role="group" aria-label={label}>
      <span className={parts.label}>{label}</span>
      <div className={css.time}>
        <input {...aria} className={parts.input} type="number" inputMode="numeric" min={0} placeholder={say('contracts.nothing')} aria-label={say('contracts.count', { target: label })} value={seconds ? seconds / units[shown] : ''} onChange={(e) => to(e.target.valueAsNumber, shown)} />
        <Options aria-label={say('contracts.unit', { target: label })} value={shown} onChange={(e) => { const next = e.target.value as Unit; setUnit(next); to(seconds / units[shown], next); }}>
          {(Object.keys(units) as Unit[]).map((u) => <option key={u} value={u}>{say(`unit.${u}`)}</option>)}
        </Options>
      </div>
      {fault}
    </div>
  );
}
