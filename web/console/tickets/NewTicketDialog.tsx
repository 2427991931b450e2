import { Refusal, type Contact } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { useDraft } from '../parts/useDraft';
import { data, desk, useMe } from '../shell/desk';
import { shut } from '../shell/stage';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { Pick, Picks, type PickedFields } from './fields';
import { FindContact } from './FindContact';
import { putTicket, useTicketSettings } from './lists';
import { myself, none, ticketStatuses, type TicketSearch } from './search';

type Faults = Record<string, string>;
interface Typed extends PickedFields { subject: string; description: string; who?: Pick<Contact, 'id' | 'name' | 'email'>; name: string; email: string; type: 'public' | 'internal'; ids?: { ticket: string; contact: string } }

/** A ticket without a conversation (B92). What the list is narrowed by is chosen already. */
export default function NewTicketDialog({ set = {} }: { set?: TicketSearch }) {
  const say = useWords();
  const go = useNavigate();
  const s = useTicketSettings();
  const me = useMe().agent.id;
  const given = (id: string | undefined) => (id === none ? '' : id === myself ? me : (id ?? ''));
  const { value: picked, set: pick, typed, forget } = useDraft<Typed>('newTicket', {
    subject: '', description: '', name: '', email: '', type: set.type ?? 'public',
    priority: given(set.priority), service: given(set.service), category: given(set.category), responsible: set.responsible ? given(set.responsible) : me,
  });
  const { subject, description, type, who, name, email } = picked;
  const [choosing, choose] = useState(!name && !email);
  const [faults, fail] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const on = (field: (typeof s.disabled)[number]) => !s.disabled.includes(field);
  const status = ticketStatuses.find((x) => x === set.status);

  const choosePerson = (c: Contact | Typed['who']) => pick({ who: c && { id: c.id, name: c.name ?? '', email: c.email } });
  useEffect(() => { // the first field to blame
    if (Object.keys(faults).length > 0) document.querySelector<HTMLElement>('[role=dialog] :is([aria-invalid=true], [data-fault] input)')?.focus();
  }, [faults]);

  const create = async () => {
    const wrong: Faults = {};
    if (!who && (choosing || (!name.trim() && !email.trim()))) wrong['requester'] = say('newTicket.noRequester');
    if (on('subject') && !subject.trim()) wrong['subject'] = say('newTicket.noSubject');
    fail(wrong);
    if (Object.keys(wrong).length > 0 || busy) return;
    setBusy(true);
    const ids = picked.ids ?? { ticket: newID(), contact: newID() };
    pick({ ids }); // an answer that was lost is asked for again, also after this dialog was left
    try {
      const contact = who ?? await data(desk.POST('/v1/contacts', { body: { client_id: ids.contact, ...(name.trim() ? { name: name.trim() } : {}), ...(email.trim() ? { email: email.trim() } : {}) } }));
      choosePerson(contact);
      const t = await data(desk.POST('/v1/tickets', { body: {
        client_id: ids.ticket, requester: contact.id, responsible: picked.responsible ?? '', ...(on('subject') ? { subject: subject.trim() } : {}), ...(on('type') ? { type } : {}), ...(status && on('status') ? { status } : {}),
        ...(on('description') && description.trim() ? { description: description.trim() } : {}), ...(on('priority') ? { priority: picked.priority ?? '' } : {}), ...(on('service') ? { service: picked.service ?? '' } : {}), ...(on('category') ? { category: picked.category ?? '' } : {}),
      } }));
      putTicket(t);
      forget();
      shut();
      void go({ to: '/tickets/$number', params: { number: String(t.number) } });
    } catch (cause) {
      const field = cause instanceof Refusal && cause.field && ['subject', 'requester', 'description', 'priority', 'service', 'category', 'responsible', 'email', 'name'].includes(cause.field) ? cause.field : 'whole';
      if (cause instanceof Refusal && cause.field === 'client_id') pick({ ids: undefined }); // it was made before, and of something else: this is another one
      fail({ [field]: reasonOf(cause) });
      setBusy(false);
    }
  };
  const fault = (field: string) => faults[field] && <span className={css.helpLate} id={`new-${field}`} role="alert">{faults[field]}</span>;
  const aria = (field: string) => ({ 'aria-invalid': faults[field] ? true : undefined, 'aria-describedby': faults[field] ? `new-${field}` : undefined });
  return (
    <Dialog title={say('newTicket')} wide onSubmit={() => void create()} foot={<>{fault('whole') || (typed ? <button type="button" className={css.textButton} onClick={() => { forget(); fail({}); choose(true); }}>{say('newTicket.discard')}</button> : <span />)}<Cancel /><button type="submit" className={`${css.button} ${css.go}`} disabled={busy} aria-busy={busy}>{say('ticket.create')}</button></>}>
      <Body>
        {on('subject') && <label className={css.field}><span className={css.label}>{say('ticket.subject')}</span><input className={css.input} value={subject} maxLength={200} autoFocus {...aria('subject')} onChange={(e) => pick({ subject: e.target.value })} />{fault('subject')}</label>}
        <div className={css.field} role="group" aria-label={say('tickets.requester')} data-fault={faults['requester'] ? '' : undefined}>
          <span className={css.label}>{say('tickets.requester')}</span>
          {who ? <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>{who.name || who.email || say('contact.nameless')}<button type="button" className={css.textButton} onClick={() => pick({ who: undefined })}>{say('contact.other')}</button></span> : (
            <>
              <div className={css.segments}>
                <button type="button" className={css.segment} aria-pressed={choosing} onClick={() => choose(true)}>{say('newTicket.known')}</button>
                <button type="button" className={css.segment} aria-pressed={!choosing} onClick={() => choose(false)}>{say('newTicket.fresh')}</button>
              </div>
              {choosing ? <FindContact quiet onTaken={choosePerson} fault={faults['requester'] && 'new-requester'} /> : (
                <>
                  <label className={css.field}><span className={css.label}>{say('contact.name')}</span><input className={css.input} value={name} maxLength={100} {...aria('name')} onChange={(e) => pick({ name: e.target.value })} />{fault('name')}</label>
                  <label className={css.field}><span className={css.label}>{say('email')}</span><input className={css.input} type="email" value={email} maxLength={254} {...aria('email')} onChange={(e) => pick({ email: e.target.value })} />{fault('email')}</label>
                </>
              )}
            </>
          )}
          {fault('requester')}
        </div>
        {on('description') && <label className={css.field}><span className={css.label}>{say('newTicket.description')}</span><textarea className={css.input} rows={3} maxLength={20000} value={description} {...aria('description')} onChange={(e) => pick({ description: e.target.value })} />{fault('description')}</label>}
        {on('type') && <Pick label={say('tickets.type')} value={type} onChange={(v) => pick({ type: v as 'public' })}><option value="public">{say('tickets.type.public')}</option><option value="internal">{say('tickets.type.internal')}</option></Pick>}
        <Picks value={picked} onChange={pick} first={say('priority.none')} people={<option value="">{say('nobody')}</option>} faults={faults} />
      </Body>
    </Dialog>
  );
}
