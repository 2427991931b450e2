import { Refusal, type Contact } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { data, desk, useMe } from '../shell/desk';
import { shut } from '../shell/stage';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { Pick, Picks, type PickedFields } from './fields';
import { FindContact } from './FindContact';
import { putTicket, useTicketSettings } from './lists';
import { myself, none, ticketStatuses, type TicketSearch } from './search';

type Faults = Record<string, string>;

/** A ticket without a conversation (B92). What the list is narrowed by is chosen already. */
export default function NewTicketDialog({ set = {} }: { set?: TicketSearch }) {
  const say = useWords();
  const go = useNavigate();
  const s = useTicketSettings();
  const me = useMe().agent.id;
  const given = (id: string | undefined) => (id === none ? '' : id === myself ? me : (id ?? ''));
  const [client_id] = useState(newID);
  const [contactID] = useState(newID);
  const [who, setWho] = useState<Contact>();
  const [fresh, setFresh] = useState({ name: '', email: '' });
  const [choosing, choose] = useState(true);
  const [subject, setSubject] = useState('');
  const [description, describe] = useState('');
  const [type, setType] = useState<'public' | 'internal'>(set.type ?? 'public');
  const [picked, pick] = useState<PickedFields>({ priority: given(set.priority), service: given(set.service), category: given(set.category), responsible: set.responsible ? given(set.responsible) : me });
  const [faults, fail] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const on = (field: (typeof s.disabled)[number]) => !s.disabled.includes(field);
  const status = ticketStatuses.find((x) => x === set.status);

  const create = async () => {
    const wrong: Faults = {};
    if (!who && !fresh.name.trim() && !fresh.email.trim()) wrong['requester'] = say('newTicket.noRequester');
    if (on('subject') && !subject.trim()) wrong['subject'] = say('newTicket.noSubject');
    fail(wrong);
    if (Object.keys(wrong).length > 0 || busy) return;
    setBusy(true);
    try {
      const contact = who ?? await data(desk.POST('/v1/contacts', { body: { client_id: contactID, ...(fresh.name.trim() ? { name: fresh.name.trim() } : {}), ...(fresh.email.trim() ? { email: fresh.email.trim() } : {}) } }));
      setWho(contact);
      const t = await data(desk.POST('/v1/tickets', { body: {
        client_id, requester: contact.id, responsible: picked.responsible ?? '', ...(on('subject') ? { subject: subject.trim() } : {}), ...(on('type') ? { type } : {}), ...(status && on('status') ? { status } : {}),
        ...(on('description') && description.trim() ? { description: description.trim() } : {}), ...(on('priority') ? { priority: picked.priority ?? '' } : {}), ...(on('service') ? { service: picked.service ?? '' } : {}), ...(on('category') ? { category: picked.category ?? '' } : {}),
      } }));
      putTicket(t);
      shut();
      void go({ to: '/tickets/$number', params: { number: String(t.number) } });
    } catch (cause) {
      const field = cause instanceof Refusal && cause.field && ['subject', 'requester', 'description', 'priority', 'service', 'category', 'responsible', 'email', 'name'].includes(cause.field) ? cause.field : 'whole';
      fail({ [field]: reasonOf(cause) });
      setBusy(false);
    }
  };
  const fault = (field: string) => faults[field] && <span className={css.helpLate} id={`new-${field}`} role="alert">{faults[field]}</span>;
  const aria = (field: string) => ({ 'aria-invalid': faults[field] ? true : undefined, 'aria-describedby': faults[field] ? `new-${field}` : undefined });
  return (
    <Dialog title={say('newTicket')} wide onSubmit={() => void create()} foot={<>{fault('whole') || <span />}<Cancel /><button type="submit" className={`${css.button} ${css.go}`} disabled={busy} aria-busy={busy}>{say('ticket.create')}</button></>}>
      <Body>
        {on('subject') && <label className={css.field}><span className={css.label}>{say('ticket.subject')}</span><input className={css.input} value={subject} maxLength={200} autoFocus {...aria('subject')} onChange={(e) => setSubject(e.target.value)} />{fault('subject')}</label>}
        <div className={css.field} role="group" aria-label={say('tickets.requester')}>
          <span className={css.label}>{say('tickets.requester')}</span>
          {who ? <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>{who.name || who.email || say('contact.nameless')}<button type="button" className={css.textButton} onClick={() => setWho(undefined)}>{say('newTicket.other')}</button></span> : (
            <>
              <div className={css.segments}>
                <button type="button" className={css.segment} aria-pressed={choosing} onClick={() => choose(true)}>{say('newTicket.known')}</button>
                <button type="button" className={css.segment} aria-pressed={!choosing} onClick={() => choose(false)}>{say('newTicket.fresh')}</button>
              </div>
              {choosing ? <FindContact quiet onTaken={setWho} /> : (
                <>
                  <label className={css.field}><span className={css.label}>{say('contact.name')}</span><input className={css.input} value={fresh.name} maxLength={100} {...aria('name')} onChange={(e) => setFresh({ ...fresh, name: e.target.value })} />{fault('name')}</label>
                  <label className={css.field}><span className={css.label}>{say('email')}</span><input className={css.input} type="email" value={fresh.email} maxLength={254} {...aria('email')} onChange={(e) => setFresh({ ...fresh, email: e.target.value })} />{fault('email')}</label>
                </>
              )}
            </>
          )}
          {fault('requester')}
        </div>
        {on('description') && <label className={css.field}><span className={css.label}>{say('newTicket.description')}</span><textarea className={css.input} rows={3} maxLength={20000} value={description} {...aria('description')} onChange={(e) => describe(e.target.value)} />{fault('description')}</label>}
        {on('type') && <Pick label={say('tickets.type')} value={type} onChange={(v) => setType(v as 'public')}><option value="public">{say('ticket.public')}</option><option value="internal">{say('ticket.internal')}</option></Pick>}
        <Picks value={picked} onChange={(p) => pick({ ...picked, ...p })} first={say('priority.none')} people={<option value="">{say('nobody')}</option>} faults={faults} />
      </Body>
    </Dialog>
  );
}
