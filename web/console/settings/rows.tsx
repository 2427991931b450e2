// Fields that stand in rows of a form: their label is for who does not see the row, and their fault stands under it.
import type { InputHTMLAttributes, ReactNode } from 'react';
import parts from '../parts/parts.module.css';
import { Options } from '../parts/Options';
import { Fault } from './fields';
import { idOf, type Form } from './useForm';

type AnyForm = Pick<Form<object>, 'key' | 'fault' | 'shows'>;

/** What a field in a row needs to show its fault; name is the desk's: "services.2.name". */
export function useRowField(form: AnyForm, name: string) {
  form.shows(name);
  const id = idOf(form.key, name);
  const fault = form.fault(name);
  return { fault: fault && <Fault id={`${id}-fault`}>{fault}</Fault>, aria: { id, 'aria-invalid': fault ? true : undefined, 'aria-describedby': fault ? `${id}-fault` : undefined } };
}

export function RowText({ form, name, label, ...rest }: { form: AnyForm; name: string; label: string } & Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'form'>) {
  const { aria, fault } = useRowField(form, name);
  return <div className={parts.field}><input {...aria} className={parts.input} aria-label={label} placeholder={label} autoComplete="off" {...rest} />{fault}</div>;
}

export function RowPick({ form, name, label, value, onChange, children }: { form: AnyForm; name: string; label: string; value: string; onChange(value: string): void; children: ReactNode }) {
  const { aria, fault } = useRowField(form, name);
  return <div className={parts.field}><Options {...aria} aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>{children}</Options>{fault}</div>;
}
