import { newID } from '@relevo/shared/live/outbox';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sendTranscript } from '../conversations/acts';
import { conversationQuery } from '../conversations/cache';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { useDraft } from '../parts/useDraft';
import { useAgents } from '../shell/desk';
import { shut } from '../shell/stage';
import { reasonOf, toast } from '../shell/toasts';
import { useWords } from '../shell/words';

interface Typed { other: boolean; email: string; client_id?: string | undefined }

/** E-mails the conversation to its assignee or to an address (B73). */
export default function TranscriptDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const opened = useQuery(conversationQuery(conversation)).data;
  const agent = useAgents().find((a) => a.id === opened?.conversation.assignee);
  const { value: { other, email, client_id }, set, forget } = useDraft<Typed>(`transcript.${conversation}`, { other: true, email: opened?.contact.email ?? opened?.conversation.contact.email ?? '' });
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const choose = (typed: Partial<Typed>) => { set({ ...typed, client_id: undefined }); setFault(''); };
  const valid = !other || /^\S+@\S+\.\S+$/.test(email.trim());
  const send = async () => {
    if (!valid) return setFault(say('transcript.needEmail'));
    setBusy(true);
    const id = client_id ?? newID();
    set({ client_id: id }); // of each address: what is tried again goes once
    try {
      await sendTranscript(conversation, { client_id: id, ...(other ? { email: email.trim() } : { assignee: true as const }) });
      forget();
      shut();
      toast(say('transcript.sent'), { tone: 'done' });
    } catch (cause) {
      setFault(reasonOf(cause));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={say('act.transcript')} onSubmit={() => void send()} foot={<><span className={css.helpLate} role="alert">{fault}</span><Cancel /><button type="submit" className={`${css.button} ${css.go}`} disabled={busy}>{say('composer.send')}</button></>}>
      <Body>
        <fieldset>
          <legend className={css.onlyRead}>{say('transcript.to')}</legend>
          {agent && <label className={css.radio}><input type="radio" name="to" checked={!other} onChange={() => choose({ other: false })} />{say('transcript.assignee', { email: agent.email })}</label>}
          <label className={css.radio}><input type="radio" name="to" checked={other} onChange={() => choose({ other: true })} />{say('transcript.other')}</label>
        </fieldset>
        {other && <label className={css.field}><span className={css.label}>{say('email')}</span><input className={css.input} type="email" value={email} autoFocus onChange={(e) => choose({ email: e.target.value })} /></label>}
        <p className={css.help}>{say('transcript.without')}</p>
      </Body>
    </Dialog>
  );
}
