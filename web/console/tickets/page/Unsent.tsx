import { useState } from 'react';
import { draftOf, keepDraft } from '../../composer/drafts';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { toast } from '../../shell/toasts';
import { useWords, type Key } from '../../shell/words';
import { draftName } from './ActionBox';
import css from './ticket.module.css';

/** What one was writing on a ticket that somebody deleted or merged meanwhile: to be copied from here, for it cannot be added to it. */
export function Unsent({ number, hint }: { number: number; hint: Key }) {
  const say = useWords();
  const [text, set] = useState(() => draftOf(draftName(number), 'message'));
  if (!text) return null;
  const copy = () => void navigator.clipboard.writeText(text).then(() => toast(say('ticketPage.copied'), { tone: 'done' }), () => undefined); // it can be chosen by hand
  const drop = () => { keepDraft(draftName(number), 'message', ''); set(''); };
  return (
    <div className={css.unsent}>
      <label className={parts.field}><span className={parts.label}>{say('ticketPage.unsent')}</span><textarea className={parts.input} rows={5} readOnly value={text} /></label>
      <p className={parts.help} role="status">{say(hint)}</p>
      <span className={css.unsentActs}><Button look="edge" onClick={copy}>{say('ticketPage.copy')}</Button><Button onClick={drop}>{say('ticketPage.throw')}</Button></span>
    </div>
  );
}
