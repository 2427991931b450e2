import type { Contact } from '@relevo/shared/api/desk';
import { useQueries } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Body, Dialog } from '../../parts/Dialog';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { data, desk } from '../../shell/desk';
import { useWords } from '../../shell/words';
import { FindContact } from '../../tickets/FindContact';
import css from '../more.module.css';
import { useRowField } from '../rows';
import type { Form } from '../useForm';
import type { Value } from './Contracts';

/** For which customers a contract holds; without any, for all. */
export function Customers({ form }: { form: Form<Value> }) {
  const say = useWords();
  const [finds, find] = useState(false);
  const { contacts } = form.value;
  const { aria, fault } = useRowField(form, 'contacts');
  const known = useQueries({ queries: contacts.map((id) => ({ queryKey: ['contact', id], queryFn: () => data(desk.GET('/v1/contacts/{id}', { params: { path: { id } } })) })) }).map((q) => q.data as Contact | undefined);
  const nameOf = (id: string, i: number) => known[i]?.name || known[i]?.email || id;
  return (
    <div className={parts.field} role="group" aria-label={say('contracts.customers')}>
      <span className={parts.label}>{say('contracts.customers')}</span>
      <div className={css.names} id={aria.id}>
        {contacts.map((id, i) => <span key={id} className={css.name}>{nameOf(id, i)}<Button tiny icon={X} name={say('contracts.takeCustomer', { name: nameOf(id, i) })} onClick={() => form.set({ contacts: contacts.filter((c) => c !== id) })} /></span>)}
        <Button look="edge" icon={Plus} onClick={() => find(true)}>{say('contracts.addCustomer')}</Button>
      </div>
      {fault}
      {finds && <Dialog title={say('contracts.addCustomer')} onShut={() => find(false)}><Body><FindContact onTaken={(c) => { find(false); if (!contacts.includes(c.id)) form.set({ contacts: [...contacts, c.id] }); }} /></Body></Dialog>}
    </div>
  );
}
