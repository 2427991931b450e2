import { newID } from '@relevo/shared/live/outbox';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { sendTranscript } from '../conversations/acts';
import { conversationQuery } from '../conversations/cache';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { useAgents } from '../shell/desk';
import { shut } from '../shell/stage';
import { reasonOf, toast } from '../shell/toasts';
import { useWords } from '../shell/words';

/** E-mails the conversation to its assignee or to an address (B73). */
export default function TranscriptDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const opened = useQuery(conversationQuery(conversation)).data;
  const agent = useAgents().find((a) => a.id === opened?.conversation.assignee);
  const [other, setOther] = useState(true);
  const [email, setEmail] = useState(opened?.contact.email ?? opened?.conversation.contact.email ?? '');
  const [busy, setBusy] = useState(false);
  const client_id = useMemo(newID, [other, email]); // of each address: what is tried again goes once
  const [fault, setFault] = useState('');
  const valid = !other || /^\S+@\S+\.\S+$/.test(email.trim());
  const send = async () => {
    if (!valid) return setFault(say('transcript.needEmail'));
    setBusy(true);
    try {
      await sendTranscript(conversation, { client_id, ...(other ? { email: email.trim() } : { assignee: true as const }) });
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
          {agent && <label className={css.radio}><input type="radio" name="to" checked={!other} onChange={() => setOther(false)} />{say('transcript.assignee', { email: agent.email })}</label>}
          <label className={css.radio}><input type="radio" name="to" checked={other} onChange={() => setOther(true)} />{say('transcript.other')}</label>
        </fieldset>
        {other && <label className={css.field}><span className={css.label}>{say('email')}</span><input className={css.input} type="email" value={email} autoFocus onChange={(e) => { setEmail(e.target.value); setFault(''); }} /></label>}
        <p className={css.help}>{say('transcript.without')}</p>
      </Body>
    </Dialog>
  );
}
