import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { data, desk } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import parts from '../parts/parts.module.css';
import css from './details.module.css';

/** What people may change of a contact: its name, addresses, and that it is the same person as another. */
export function ContactForms({ of }: { of: { id: string; name?: string; email?: string; phone?: string } }) {
  const say = useWords();
  const cache = useQueryClient();
  const [reason, setReason] = useState('');
  const others = useQuery({ queryKey: ['contacts', 'first'], queryFn: async () => (await data(desk.GET('/v1/contacts', { params: { query: { limit: 100 } } }))).items });
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
  const merge = submit((form) => data(desk.POST('/v1/contacts/{id}/merge', { ...at, body: { contact: String(form.get('contact')) } })));
  return (
    <section className={css.part}>
      <div className={css.partHead}><h3>{say('contact.change')}</h3></div>
      <form onSubmit={save} key={of.id}>
        <label className={parts.field}><span className={parts.label}>{say('contact.name')}</span><input className={parts.input} name="name" defaultValue={of.name} maxLength={100} /></label>
        <label className={parts.field}><span className={parts.label}>{say('contact.email')}</span><input className={parts.input} name="email" type="email" defaultValue={of.email} /></label>
        <label className={parts.field}><span className={parts.label}>{say('contact.phone')}</span><input className={parts.input} name="phone" defaultValue={of.phone} maxLength={40} /></label>
        <button className={parts.button}>{say('contact.save')}</button>
      </form>
      <form onSubmit={merge}>
        <label className={parts.field}><span className={parts.label}>{say('contact.same')}</span><select className={parts.input} name="contact" required defaultValue=""><option value="" disabled />
          {others.data?.filter((c) => c.id !== of.id).map((c) => <option key={c.id} value={c.id}>{[c.name || say('contact.nameless'), c.email, c.phone].filter(Boolean).join(' · ')}</option>)}
        </select></label>
        <button className={parts.button}>{say('contact.merge')}</button>
      </form>
      {reason && <p className={parts.help} role="alert">{reason}</p>}
    </section>
  );
}
