import { ArchiveRestore, ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import type { TicketChoice, TicketSettings } from '../../tickets/lists';
import { ticketStatuses } from '../../tickets/search';
import { Fault } from '../fields';
import { newID } from '../nouns';
import { RowPick, RowText } from '../rows';
import css from '../more.module.css';
import { idOf, type Form } from '../useForm';

type List = 'services' | 'categories' | 'priorities' | 'justifications';

/** Entries that tickets choose from, in their order. One that is taken out is archived: old tickets still name it. */
export function ChoiceList({ form, name, add, sectors }: { form: Form<TicketSettings>; name: List; add: string; sectors?: readonly string[] }) {
  const say = useWords();
  const box = useRef<HTMLDivElement>(null);
  const fresh = useRef('');
  const known = useId();
  const all = form.value[name];
  form.shows(name);
  const set = (next: TicketChoice[]) => form.set({ [name]: next });
  const change = (i: number, patch: Partial<TicketChoice>) => set(all.map((c, at) => (at === i ? { ...c, ...patch } : c)));
  const shown = all.map((c, i) => ({ c, i })).filter(({ c }) => !c.archived);
  const archived = all.map((c, i) => ({ c, i })).filter(({ c }) => c.archived);
  const swap = (a: number, b: number) => { const next = [...all]; [next[a], next[b]] = [next[b] as TicketChoice, next[a] as TicketChoice]; set(next); };
  const take = (i: number) => set(all[i]?.name.trim() && all[i]?.id !== fresh.current ? all.map((c, at) => (at === i ? { ...c, archived: true } : c)) : all.filter((_, at) => at !== i));
  const grow = () => {
    fresh.current = newID();
    const at = archived[0]?.i ?? all.length;
    set(all.toSpliced(at, 0, { id: fresh.current, name: '', ...(name === 'justifications' ? { status: 'pending' } : {}) }));
  };
  useEffect(() => {
    const i = all.findIndex((c) => c.id === fresh.current && c.name === '');
    if (i >= 0) document.getElementById(idOf(form.key, `${name}.${i}.name`))?.focus();
  }, [all.length]); // a new entry is written at once
  const whole = form.trouble?.field === name ? form.fault(name) : undefined;
  return (
    <div className={css.list} ref={box} role="group" aria-label={say(`tfields.${name}`)}>
      {shown.map(({ c, i }, at) => (
        <div key={c.id} className={css.entry} role="group" aria-label={c.name || add}>
          <span className={css.inputs}>
            <RowText form={form} name={`${name}.${i}.name`} label={say('set.name')} value={c.name} maxLength={100} onChange={(e) => change(i, { name: e.target.value })} />
            {name === 'services' && <RowText form={form} name={`${name}.${i}.sector`} label={say('tfields.sector')} value={c.sector ?? ''} maxLength={100} list={known} onChange={(e) => change(i, { sector: e.target.value || undefined })} />}
            {name === 'justifications' && <RowPick form={form} name={`${name}.${i}.status`} label={say('status')} value={c.status ?? 'pending'} onChange={(status) => change(i, { status: status as 'pending' })}>{ticketStatuses.map((s) => <option key={s} value={s}>{say(`ticketStatus.${s}`)}</option>)}</RowPick>}
          </span>
          <Button tiny icon={ArrowUp} name={say('tfields.up', { name: c.name })} disabled={at === 0} onClick={() => swap(i, shown[at - 1]?.i ?? i)} />
          <Button tiny icon={ArrowDown} name={say('tfields.down', { name: c.name })} disabled={at === shown.length - 1} onClick={() => swap(i, shown[at + 1]?.i ?? i)} />
          <Button tiny icon={X} name={say('tfields.take', { name: c.name })} onClick={() => take(i)} />
        </div>
      ))}
      {sectors && <datalist id={known}>{sectors.map((s) => <option key={s} value={s} />)}</datalist>}
      {whole && <Fault>{whole}</Fault>}
      <div><Button look="edge" icon={Plus} onClick={grow}>{add}</Button></div>
      {archived.length > 0 && (
        <details className={css.archived}>
          <summary>{say('tfields.archived', { count: archived.length })}</summary>
          <ul>{archived.map(({ c, i }) => <li key={c.id}><span className={parts.help}>{c.name}</span><Button tiny icon={ArchiveRestore} name={say('tfields.restore', { name: c.name })} onClick={() => change(i, { archived: undefined })} /></li>)}</ul>
        </details>
      )}
    </div>
  );
}
