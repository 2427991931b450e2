import { Copy, Plus, X } from 'lucide-react';
import { Button } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { spoken, useWords } from '../shell/words';
import { Fault, Toggle } from './fields';
import { clock, minutesOf, onWorkdays, weekdays, withSpan, type Span, type Week } from './hours';
import css from './settings.module.css';
import { idOf, type Form } from './useForm';

const nameOfDay = (day: number): string => {
  const text = new Date(Date.UTC(2026, 1, 1 + day)).toLocaleDateString(spoken(), { weekday: 'long', timeZone: 'UTC' }); // 1 February 2026 is a Sunday
  return text[0]?.toLocaleUpperCase(spoken()) + text.slice(1);
};

/** When people work, day by day; name is the field of the noun. */
export function Hours<N extends string, T extends Record<N, Week>>({ form, name }: { form: Form<T>; name: N }) {
  const say = useWords();
  const hours: Week = form.value[name];
  const set = (week: Week) => form.set({ [name]: week } as unknown as Partial<T>);
  const day = (d: number, spans: Span[]) => set(hours.map((was, i) => (i === d ? spans : was)));
  return (
    <div className={css.week} role="group" aria-label={say('account.hours')}>
      {weekdays.map((d) => {
        const spans = hours[d] ?? [];
        return (
          <div key={d} className={css.day}>
            <Toggle text={nameOfDay(d)} checked={spans.length > 0} onChange={(on) => day(d, on ? withSpan([]) : [])} />
            <div className={css.spans}>
              {spans.length === 0 && <span className={parts.help}>{say('account.closed')}</span>}
              {spans.map((s, i) => <Opening key={i} form={form} name={`${name}.${d}.${i}`} of={s} day={nameOfDay(d)} set={(next) => day(d, next ? spans.map((was, at) => (at === i ? next : was)) : spans.filter((_, at) => at !== i))} />)}
            </div>
            <span className={css.dayActs}>
              {spans.length > 0 && spans.length < 10 && (spans.at(-1)?.to ?? 0) < 23 * 60 && <Button icon={Plus} tiny name={say('account.addSpan', { day: nameOfDay(d) })} onClick={() => day(d, withSpan(spans))} />}
              {spans.length > 0 && <Button icon={Copy} tiny name={say('account.toWorkdays', { day: nameOfDay(d) })} onClick={() => set(onWorkdays(hours, d))} />}
            </span>
          </div>
        );
      })}
    </div>
  );
}

export function Opening({ form, name, of, day, set }: { form: Pick<Form<object>, 'key' | 'fault' | 'shows'>; name: string; of: Span; day: string; set(next: Span | undefined): void }) {
  const say = useWords();
  form.shows(name);
  const id = idOf(form.key, name);
  const fault = form.fault(name);
  const change = (side: 'from' | 'to') => (e: { target: { value: string } }) => {
    const minutes = minutesOf(e.target.value, side === 'to');
    if (minutes !== undefined) set({ ...of, [side]: minutes });
  };
  return (
    <div className={css.span}>
      <input className={parts.input} id={id} type="time" value={clock(of.from)} aria-label={say('account.from', { day })} aria-invalid={fault ? true : undefined} aria-describedby={fault ? `${id}-fault` : undefined} onChange={change('from')} />
      <span aria-hidden="true">–</span>
      <input className={parts.input} type="time" value={clock(of.to)} aria-label={say('account.to', { day })} aria-invalid={fault ? true : undefined} onChange={change('to')} />
      <Button icon={X} tiny name={say('account.removeSpan', { day })} onClick={() => set(undefined)} />
      {fault && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </div>
  );
}
