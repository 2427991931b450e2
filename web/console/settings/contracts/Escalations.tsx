import { Plus, X } from 'lucide-react';
import { targets } from '../../parts/clocks';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { alive, useAgents, useDepartments } from '../../shell/desk';
import { useWords } from '../../shell/words';
import { Fault } from '../fields';
import css from '../more.module.css';
import { RowPick, useRowField } from '../rows';
import type { Form } from '../useForm';
import type { Value } from './Contracts';

type Escalation = Value['escalations'][number];
const acts = ['notify', 'reassign', 'raise_priority'] as const;

/** What is done when a promise is about to be missed, or was. */
export function Escalations({ form }: { form: Form<Value> }) {
  const say = useWords();
  const { escalations } = form.value;
  form.shows('escalations');
  const whole = form.trouble?.field === 'escalations' ? form.fault('escalations') : undefined;
  const set = (i: number, next: Escalation) => form.set({ escalations: escalations.map((e, at) => (at === i ? next : e)) });
  return (
    <div className={parts.field} role="group" aria-label={say('contracts.escalations')}>
      <span className={parts.label}>{say('contracts.escalations')}</span>
      <div className={css.list}>
        {escalations.map((e, i) => <One key={i} form={form} at={i} of={e} set={(next) => set(i, next)} take={() => form.set({ escalations: escalations.filter((_, at) => at !== i) })} />)}
      </div>
      {whole && <Fault>{whole}</Fault>}
      {escalations.length < 10 && <div><Button look="edge" icon={Plus} onClick={() => form.set({ escalations: [...escalations, { on: 'breach', act: 'notify', agents: [] }] })}>{say('contracts.addEscalation')}</Button></div>}
    </div>
  );
}

function One({ form, at, of: e, set, take }: { form: Form<Value>; at: number; of: Escalation; set(next: Escalation): void; take(): void }) {
  const say = useWords();
  const agents = alive(useAgents()).filter((a) => a.role !== 'viewer');
  const departments = alive(useDepartments());
  const name = `escalations.${at}`;
  const { aria, fault } = useRowField(form, `${name}.agents`);
  const { on, target, act } = e;
  const to = (next: (typeof acts)[number]): Escalation => ({ on, ...(target ? { target } : {}), act: next, ...(next === 'notify' ? { agents: e.agents ?? [] } : {}) });
  const whom = e.agents ?? [];
  return (
    <div className={css.entry} role="group" aria-label={say('contracts.escalation', { n: at + 1 })}>
      <div className={css.inputs}>
        <RowPick form={form} name={`${name}.on`} label={say('contracts.on')} value={on} onChange={(v) => set({ ...e, on: v as 'breach' })}><option value="warning">{say('contracts.on.warning')}</option><option value="breach">{say('contracts.on.breach')}</option></RowPick>
        <RowPick form={form} name={`${name}.target`} label={say('contracts.target')} value={target ?? ''} onChange={(v) => set({ ...e, target: (v || undefined) as Escalation['target'] })}><option value="">{say('contracts.anyTarget')}</option>{targets.map((t) => <option key={t} value={t}>{say(`sla.target.${t}`)}</option>)}</RowPick>
        <RowPick form={form} name={`${name}.act`} label={say('contracts.act')} value={act} onChange={(v) => set(to(v as 'notify'))}>{acts.map((a) => <option key={a} value={a}>{say(`contracts.act.${a}`)}</option>)}</RowPick>
        {act === 'reassign' && (
          <RowPick form={form} name={`${name}.agent`} label={say('contracts.to')} value={e.agent ?? (e.department && `d/${e.department}`) ?? ''} onChange={(v) => set({ ...to('reassign'), ...(v.startsWith('d/') ? { department: v.slice(2) } : v ? { agent: v } : {}) })}>
            <option value="">{say('set.choose')}</option>
            <optgroup label={say('agents')}>{agents.map((a) => <option key={a.id} value={a.id}>{a.name}</option>)}</optgroup>
            <optgroup label={say('departments')}>{departments.map((d) => <option key={d.id} value={`d/${d.id}`}>{d.name}</option>)}</optgroup>
          </RowPick>
        )}
        {act === 'notify' && (
          <fieldset id={aria.id} tabIndex={-1} aria-describedby={aria['aria-describedby']}>
            <legend className={parts.label}>{say('contracts.whom')}</legend>
            <div className={css.names}>{agents.map((a) => <label key={a.id} className={parts.check}><input type="checkbox" checked={whom.includes(a.id)} onChange={(x) => set({ ...e, agents: x.target.checked ? [...whom, a.id] : whom.filter((w) => w !== a.id) })} />{a.name}</label>)}</div>
            {fault}
          </fieldset>
        )}
      </div>
      <Button tiny icon={X} name={say('contracts.takeEscalation', { n: at + 1 })} onClick={take} />
    </div>
  );
}
