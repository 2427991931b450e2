import type { Contact } from '@relevo/shared/api/desk';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { data, desk } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { FindContact } from '../tickets/FindContact';
import { Button } from '../parts/parts';
import parts from '../parts/parts.module.css';
import css from './contacts.module.css';

/** What people may change of a contact: its name, addresses, and that it is the same person as another. */
export function ContactForms({ of }: { of: { id: string; name?: string; email?: string; phone?: string } }) {
  const say = useWords();
  const cache = useQueryClient();
  const [reason, setReason] = useState('');
  const [other, choose] = useState<Contact>();
  const at = { params: { path: { id: of.id } } };
  const submit = (act: (form: FormData) => Promise<unknown>) => async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      await act(new FormData(event.currentTarget));
      setReason('');
      await cache.invalidateQueries({ queryKey: ['contact'] });
    } catch (error) {
      setReason(reasonOf(error));
    }
  };
  const save = submit((form) => data(desk.PATCH('/v1/contacts/{id}', { ...at, body: { name: String(form.get('name')), email: String(form.get('email')), phone: String(form.get('phone')) } })));
  const merge = submit(() => data(desk.POST('/v1/contacts/{id}/merge', { ...at, body: { contact: other?.id ?? '' } })).then(() => choose(undefined)));
  return (
    <>
      <section>
        <h2>{say('contact.change')}</h2>
        <form className={css.form} onSubmit={save} key={of.id}>
          <label className={parts.field}><span className={parts.label}>{say('contact.name')}</span><input className={parts.input} name="name" defaultValue={of.name} maxLength={100} /></label>
          <label className={parts.field}><span className={parts.label}>{say('contact.email')}</span><input className={parts.input} name="email" type="email" defaultValue={of.email} /></label>
          <label className={parts.field}><span className={parts.label}>{say('contact.phone')}</span><input className={parts.input} name="phone" type="tel" defaultValue={of.phone} maxLength={40} /></label>
          <Button look="go" type="submit">{say('contact.save')}</Button>
        </form>
      </section>
      <section>
        <h2>{say('contact.same')}</h2>
        <form className={css.form} onSubmit={merge}>
          <div role="group" aria-label={say('contact.same')}>
            {other ? <p>{[other.name || say('contact.nameless'), other.email, other.phone].filter(Boolean).join(' · ')} <button type="button" className={parts.textButton} onClick={() => choose(undefined)}>{say('contact.other')}</button></p>
              : <FindContact quiet without={of.id} onTaken={choose} />}
          </div>
          <Button look="edge" type="submit" disabled={!other}>{say('contact.merge')}</Button>
        </form>
      </section>
      {reason && <p className={parts.helpLate} role="alert">{reason}</p>}
    </>
  );
}
