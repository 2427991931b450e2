import { Plus, X } from 'lucide-react';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import { Fault } from '../fields';
import css from '../settings.module.css';
import { idOf, type Form } from '../useForm';
import type { Draft } from './InboxForm';
import { valuesOf, type Template } from './templates';

/** The messages that WhatsApp approved, as they stand there. */
export function Templates({ form }: { form: Form<Draft> }) {
  const say = useWords();
  const all = form.value.templates;
  const set = (templates: Template[]) => form.set({ templates });
  const change = (at: number, patch: Partial<Template>) => set(all.map((t, i) => (i === at ? { ...t, ...patch } : t)));
  return (
    <div className={css.templates}>
      {all.map((t, at) => <OneTemplate key={at} form={form} at={at} of={t} change={(patch) => change(at, patch)} remove={() => set(all.filter((_, i) => i !== at))} />)}
      {all.length < 100 && <Button look="edge" icon={Plus} onClick={() => set([...all, { name: '', language: form.value.language, body: '' }])}>{say('templates.add')}</Button>}
    </div>
  );
}

function OneTemplate({ form, at, of, change, remove }: { form: Form<Draft>; at: number; of: Template; change(patch: Partial<Template>): void; remove(): void }) {
  const say = useWords();
  const input = (field: keyof Template) => {
    const name = `templates.${at}.${field}`;
    form.shows(name);
    const fault = form.fault(name);
    return { fault, props: { className: parts.input, id: idOf(form.key, name), value: of[field], 'aria-invalid': fault ? (true as const) : undefined, onChange: (e: { target: { value: string } }) => change({ [field]: e.target.value }) } };
  };
  const name = input('name'), language = input('language'), body = input('body');
  const values = valuesOf(of.body);
  return (
    <fieldset className={css.template}>
      <legend className={parts.onlyRead}>{of.name || say('templates.new')}</legend>
      <Button icon={X} tiny name={say('templates.remove', { name: of.name || say('templates.new') })} onClick={remove} />
      <div className={css.two}>
        <div className={parts.field}><label className={parts.label} htmlFor={name.props.id}>{say('set.name')}</label><input {...name.props} spellCheck={false} maxLength={512} placeholder="order_update" />{name.fault && <Fault>{name.fault}</Fault>}</div>
        <div className={parts.field}><label className={parts.label} htmlFor={language.props.id}>{say('set.language')}</label><input {...language.props} spellCheck={false} maxLength={15} placeholder="es" />{language.fault && <Fault>{language.fault}</Fault>}</div>
      </div>
      <div className={parts.field}>
        <label className={parts.label} htmlFor={body.props.id}>{say('templates.body')}</label><textarea {...body.props} rows={2} maxLength={1024} />
        {body.fault ? <Fault>{body.fault}</Fault> : <span className={parts.help}>{values > 0 ? say('templates.values', { count: values }) : say('templates.bodyHelp', { first: '{{1}}', second: '{{2}}' })}</span>}
      </div>
    </fieldset>
  );
}
