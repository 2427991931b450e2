// The fields of the settings' forms: each shows its fault beside itself, and says what it is for.
import { Check, CircleAlert, Copy } from 'lucide-react';
import { useEffect, useState, type HTMLInputTypeAttribute, type ReactNode } from 'react';
import { Options } from '../parts/Options';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useWords } from '../shell/words';
import css from './settings.module.css';
import { idOf, type Form } from './useForm';

type Names<T, V> = { [K in keyof T]-?: NonNullable<T[K]> extends V ? K : never }[keyof T] & string;

interface Common<T extends object, K extends string> { form: Form<T>; name: K; label: string; help?: ReactNode }

/** What a field and its surroundings need to know of each other. */
function useField<T extends object>(form: Form<T>, name: string, help?: ReactNode) {
  form.shows(name);
  const id = idOf(form.key, name);
  const fault = form.fault(name);
  return {
    id, fault,
    aria: { id, 'aria-invalid': fault ? true : undefined, 'aria-describedby': fault ? `${id}-fault` : help ? `${id}-help` : undefined },
    foot: fault ? <Fault id={`${id}-fault`}>{fault}</Fault> : help ? <span className={parts.help} id={`${id}-help`}>{help}</span> : null,
  };
}

export const Fault = ({ id, children }: { id?: string; children: ReactNode }) => (
  <span className={parts.helpLate} id={id} role="alert"><Icon of={CircleAlert} size="s" />{children}</span>
);

export function Text<T extends object>({ form, name, label, help, type = 'text', max, area, short, placeholder, autoFocus }: Common<T, Names<T, string>> & {
  type?: HTMLInputTypeAttribute; max?: number; area?: number; short?: boolean; placeholder?: string; autoFocus?: boolean;
}) {
  const { id, aria, foot } = useField(form, name, help);
  const shared = {
    ...aria, className: join(parts.input, short && css.short), value: String(form.value[name] ?? ''), maxLength: max, placeholder, autoFocus,
    onChange: (e: { target: { value: string } }) => form.set({ [name]: e.target.value } as Partial<T>),
  };
  return (
    <div className={parts.field}>
      <label className={parts.label} htmlFor={id}>{label}</label>
      {area ? <textarea {...shared} rows={area} /> : <input {...shared} type={type} autoComplete="off" spellCheck={type === 'text' ? undefined : false} />}
      {foot}
    </div>
  );
}

export function NumberField<T extends object>({ form, name, label, help, min = 0, max }: Common<T, Names<T, number>> & { min?: number; max: number }) {
  const { id, aria, foot } = useField(form, name, help);
  return (
    <div className={parts.field}>
      <label className={parts.label} htmlFor={id}>{label}</label>
      <input {...aria} className={join(parts.input, css.short)} type="number" inputMode="numeric" min={min} max={max} value={String(form.value[name])}
        onChange={(e) => form.set({ [name]: Math.min(max, Math.max(min, Math.trunc(e.target.valueAsNumber) || 0)) } as Partial<T>)} />
      {foot}
    </div>
  );
}

export interface Choice { id: string; text: string; disabled?: boolean }

export function Select<T extends object>({ form, name, label, help, options }: Common<T, Names<T, string>> & { options: readonly Choice[] }) {
  const { id, aria, foot } = useField(form, name, help);
  const value = String(form.value[name] ?? '');
  return (
    <div className={parts.field}>
      <label className={parts.label} htmlFor={id}>{label}</label>
      <Options {...aria} value={value} onChange={(e) => form.set({ [name]: e.target.value } as Partial<T>)}>
        {!options.some((o) => o.id === value) && <option value={value} disabled>{value}</option>}
        {options.map((o) => <option key={o.id} value={o.id} disabled={o.disabled}>{o.text}</option>)}
      </Options>
      {foot}
    </div>
  );
}

export function Switch<T extends object>({ form, name, label, help }: Common<T, Names<T, boolean>>) {
  const { aria, fault } = useField(form, name);
  return (
    <div className={parts.field}>
      <Toggle {...aria} text={label} help={help} checked={Boolean(form.value[name])} onChange={(on) => form.set({ [name]: on } as Partial<T>)} />
      {fault && <Fault id={`${aria.id}-fault`}>{fault}</Fault>}
    </div>
  );
}

export function Toggle({ text, help, checked, onChange, disabled, ...aria }: { text: string; help?: ReactNode; checked: boolean; disabled?: boolean; onChange(on: boolean): void; id?: string }) {
  return (
    <label className={css.switch}>
      <input type="checkbox" role="switch" checked={checked} disabled={disabled} onChange={(e) => onChange(e.target.checked)} {...aria} />
      <span>{text}{help && <small>{help}</small>}</span>
    </label>
  );
}

/** A few choices of which each deserves a sentence. */
export function Radios<T extends object>({ form, name, label, options }: Common<T, Names<T, string>> & { options: readonly (Choice & { help: string })[] }) {
  const { id, fault } = useField(form, name);
  return (
    <fieldset className={css.radios} aria-describedby={fault ? `${id}-fault` : undefined}>
      <legend className={parts.label}>{label}</legend>
      <div>
        {options.map((o, i) => (
          <label key={o.id}>
            <input type="radio" id={i === 0 ? id : undefined} name={id} checked={form.value[name] === o.id} onChange={() => form.set({ [name]: o.id } as Partial<T>)} />
            <span>{o.text}<small>{o.help}</small></span>
          </label>
        ))}
      </div>
      {fault && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </fieldset>
  );
}

/** Two to four short choices beside each other. */
export function Segments<T extends object>({ form, name, label, help, options }: Common<T, Names<T, string>> & { options: readonly Choice[] }) {
  const { id, foot } = useField(form, name, help);
  return (
    <div className={parts.field} role="group" aria-labelledby={`${id}-label`}>
      <span className={parts.label} id={`${id}-label`}>{label}</span>
      <div className={join(parts.segments, css.segments)}>
        {options.map((o) => <button key={o.id} type="button" className={parts.segment} aria-pressed={form.value[name] === o.id} onClick={() => form.set({ [name]: o.id } as Partial<T>)}>{o.text}</button>)}
      </div>
      {foot}
    </div>
  );
}

/** Which of some nouns; with a field to search when they are many. */
export function Checks<T extends object>({ form, name, label, help, options, empty }: Common<T, Names<T, readonly string[]>> & { options: readonly (Choice & { view?: ReactNode })[]; empty: string }) {
  const say = useWords();
  const [typed, type] = useState('');
  const { id, fault } = useField(form, name);
  const chosen = form.value[name] as readonly string[];
  const shown = options.filter((o) => o.text.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase()));
  return (
    <fieldset className={css.checks} id={id} tabIndex={-1} aria-describedby={fault ? `${id}-fault` : undefined}>
      <legend className={parts.label}>{label} <span className={css.tally}>{chosen.length > 0 ? chosen.length : ''}</span></legend>
      {options.length > 8 && <input className={parts.input} type="search" aria-label={say('set.find')} placeholder={say('set.find')} value={typed} onChange={(e) => type(e.target.value)} />}
      <div>
        {options.length === 0 && <p className={parts.help}>{empty}</p>}
        {shown.map((o) => (
          <label key={o.id}>
            <input type="checkbox" checked={chosen.includes(o.id)} onChange={(e) => form.set({ [name]: e.target.checked ? [...chosen, o.id] : chosen.filter((c) => c !== o.id) } as Partial<T>)} />
            {o.view ?? <span>{o.text}</span>}
          </label>
        ))}
      </div>
      {help && <span className={parts.help}>{help}</span>}
      {fault && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </fieldset>
  );
}

/** Something to take elsewhere, with a button that copies it. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  const say = useWords();
  const [done, set] = useState<'yes' | 'no'>();
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => set(undefined), 3000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = () => void navigator.clipboard.writeText(text).then(() => set('yes'), () => set('no'));
  return (
    <div className={css.copy}>
      <code className={parts.code} tabIndex={0} aria-label={label}>{text}</code>
      <Button look="edge" icon={done === 'yes' ? Check : Copy} onClick={copy} aria-label={`${say('copy')}: ${label}`}>{done === 'yes' ? say('set.copied') : say('copy')}</Button>
      <span className={parts.onlyRead} role="status">{done === 'yes' ? say('set.copied') : ''}</span>
      {done === 'no' && <Fault>{say('set.notCopied')}</Fault>}
    </div>
  );
}
