// Closes a conversation: its ticket (linked, found or new), the closing note, and why it cannot be closed yet.
import type { Closing, Conversation } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { useQuery } from '@tanstack/react-query';
import { Check, CircleAlert, Ticket as TicketIcon } from 'lucide-react';
import { close } from '../conversations/acts';
import { nameOfContact } from '../conversations/overlaid';
import { conversationQuery } from '../conversations/cache';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import { Button, Icon, Key } from '../parts/parts';
import { useDraft } from '../parts/useDraft';
import css from '../parts/parts.module.css';
import picks from '../parts/choices.module.css';
import { data, desk, useInboxes } from '../shell/desk';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { FindTicket } from '../tickets/FindTicket';

interface Typed {
  category: string; summary: string; subject: string; fresh: boolean; survey: boolean;
  /** Which one was chosen; 0 for not the linked one. */
  ticket?: number;
  client_id?: string | undefined;
}

export default function CloseDialog({ conversation }: { conversation: string }) {
  const c = useQuery(conversationQuery(conversation)).data?.conversation;
  return c ? <Closer of={c} /> : null;
}

function Closer({ of: c }: { of: Conversation }) {
  const say = useWords();
  const inbox = useInboxes().find((b) => b.id === c.inbox);
  const policy = inbox?.ticket_policy ?? 'optional';
  const { value: draft, set } = useDraft<Typed>(`close.${c.id}`, { category: '', summary: '', subject: '', fresh: true, survey: true });
  const { fresh, survey } = draft;
  const ticket = draft.ticket === 0 ? undefined : (draft.ticket ?? c.ticket);
  const needs = policy === 'required' && !ticket && !(fresh && draft.subject.trim());
  const submit = () => {
    if (needs) return;
    const client_id = draft.client_id ?? newID();
    if (!draft.client_id && !ticket && fresh && draft.subject.trim()) set({ client_id }); // what is tried again makes no second ticket
    const note = { ...(draft.category.trim() ? { category: draft.category.trim() } : {}), ...(draft.summary.trim() ? { summary: draft.summary.trim() } : {}) };
    const body: Closing = {
      ...(Object.keys(note).length > 0 ? { note } : {}),
      ...(ticket && ticket !== c.ticket ? { ticket } : {}),
      ...(inbox?.survey && !survey ? { survey: false } : {}),
      ...(!ticket && fresh && draft.subject.trim() ? { new_ticket: { client_id, subject: draft.subject.trim() } } : {}),
    };
    shut();
    void close(c.id, body);
  };
  return (
    <Dialog title={say('close.title')} onSubmit={submit} foot={(
      <>
        {needs ? <span className={css.helpLate} id="why"><Icon of={CircleAlert} size="m" />{say('close.needTicket')}</span> : <span className={css.help} data-hint=""><Key>Ctrl</Key> <Key>↵</Key></span>}
        <Cancel />
        <button type="submit" className={`${css.button} ${css.done}`} disabled={needs} aria-describedby={needs ? 'why' : undefined}><Icon of={Check} />{say('act.close')}</button>
      </>
    )}>
      <Body>
        {ticket ? <Linked number={ticket} onChange={() => set({ ticket: 0 })} /> : (
          <fieldset className={css.field}>
            <legend className={css.label}>{say(policy === 'required' ? 'close.ticketRequired' : policy === 'automatic' ? 'close.ticketAutomatic' : 'close.ticketOptional', { inbox: inbox?.name ?? '' })}</legend>
            <div className={css.segments} role="group" aria-label={say('ticket.findOrNew')} style={{ marginBlock: 4 }}>
              <button type="button" className={css.segment} aria-pressed={fresh} onClick={() => set({ fresh: true })}>{say('ticket.new')}</button>
              <button type="button" className={css.segment} aria-pressed={!fresh} onClick={() => set({ fresh: false })}>{say('ticket.search')}</button>
            </div>
            {fresh ? <label className={css.field}><span className={css.label}>{say('ticket.subject')} · {say('ticket.requester', { name: nameOfContact(c) })}</span>
              <input className={css.input} value={draft.subject} maxLength={200} autoFocus onChange={(e) => set({ subject: e.target.value, client_id: undefined })} /></label>
              : <FindTicket contact={c.contact.id} onTaken={(t) => set({ ticket: t.number })} />}
          </fieldset>
        )}
        <label className={css.field}><span className={css.label}>{say('close.category')}</span><input className={css.input} value={draft.category} maxLength={100} autoFocus={ticket !== undefined} onChange={(e) => set({ category: e.target.value })} /></label>
        <label className={css.field}><span className={css.label}>{say('close.summary')}</span><textarea className={css.input} rows={2} value={draft.summary} maxLength={2000} onChange={(e) => set({ summary: e.target.value })} /></label>
        {inbox?.survey && <label className={css.radio}><input type="checkbox" checked={survey} onChange={(e) => set({ survey: e.target.checked })} />{say('close.survey')}</label>}
      </Body>
    </Dialog>
  );
}

function Linked({ number, onChange }: { number: number; onChange(): void }) {
  const say = useWords();
  const ticket = useQuery({ queryKey: ['ticket', number], queryFn: () => data(desk.GET('/v1/tickets/{number}', { params: { path: { number } } })) }).data?.ticket;
  return (
    <div className={css.field}>
      <span className={css.label}>{say('ticket')}</span>
      <div className={picks.choice} style={{ boxShadow: 'inset 0 0 0 1px var(--line-strong)', padding: '8px 10px' }}>
        <Icon of={TicketIcon} /><span className={picks.two}><span>{number} · {ticket?.subject}</span><small>{ticket?.status && say(`ticketStatus.${ticket.status}`)}</small></span>
        <Button className={css.push} onClick={onChange}>{say('close.otherTicket')}</Button>
      </div>
      <p className={css.help}>{say('close.opensTicket')}</p>
    </div>
  );
}
