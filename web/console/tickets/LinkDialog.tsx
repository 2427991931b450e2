import { newID } from '@relevo/shared/live/outbox';
import { useState } from 'react';
import { linkTicket, newTicket } from '../conversations/acts';
import { findConversation } from '../conversations/cache';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { useDraft } from '../parts/useDraft';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { FindTicket } from './FindTicket';

/** Links a ticket to a conversation, or makes one for it (B77-B79, B82). */
export default function LinkDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const { value: { subject, client_id }, set, forget } = useDraft<{ subject: string; client_id?: string | undefined }>(`ticket.${conversation}`, { subject: '' });
  const [fresh, setFresh] = useState(subject !== '');
  const c = findConversation(conversation);
  const make = () => {
    if (!subject.trim()) return;
    const id = client_id ?? newID();
    set({ client_id: id }); // one that is tried again makes no second ticket
    shut();
    void newTicket(conversation, { client_id: id, subject: subject.trim() }).then((done) => { if (done) forget(); });
  };
  return (
    <Dialog title={say('ticket.link')} onSubmit={make} foot={fresh ? <><span /><Cancel /><button type="submit" className={`${css.button} ${css.go}`} disabled={!subject.trim()}>{say('ticket.create')}</button></> : undefined}>
      <Body>
        <div className={css.segments} role="group" aria-label={say('ticket.findOrNew')}>
          <button type="button" className={css.segment} aria-pressed={!fresh} onClick={() => setFresh(false)}>{say('ticket.search')}</button>
          <button type="button" className={css.segment} aria-pressed={fresh} onClick={() => setFresh(true)}>{say('ticket.new')}</button>
        </div>
        {fresh ? <label className={css.field}><span className={css.label}>{say('ticket.subject')}</span><input className={css.input} value={subject} maxLength={200} autoFocus onChange={(e) => set({ subject: e.target.value, client_id: undefined })} /></label>
          : c && <FindTicket contact={c.contact.id} onTaken={(t) => { shut(); void linkTicket(conversation, t.number); }} />}
      </Body>
    </Dialog>
  );
}
