import type { Ticket } from '@relevo/shared/api/desk';
import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Icon, OnlyRead } from '../../parts/parts';
import { onKey } from '../../shell/keys';
import { useWords } from '../../shell/words';
import css from './ticket.module.css';
import { change } from './opened';

/** What the ticket is called, written in its place (B104). */
export function Subject({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const [typed, type] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => (locked ? undefined : onKey('s', () => type(t.subject ?? ''))), [locked, t.subject]);
  if (t.subject === undefined) return <h1 id="t-subject" className={css.subject}>{say('palette.ticket', { number: t.number })}</h1>;
  const back = () => { type(undefined); requestAnimationFrame(() => button.current?.focus()); };
  const save = (text: string) => {
    const subject = text.trim();
    if (subject && subject !== t.subject) void change(t.number, { subject }).then((done) => { if (!done) type((now) => now ?? text); }); // to be looked at again beside what holds
  };
  return (
    <h1 id="t-subject" className={css.subject}>
      {typed === undefined ? (locked ? t.subject : <button ref={button} type="button" onClick={() => type(t.subject ?? '')}>{t.subject}<OnlyRead>, {say('ticketPage.rename')}</OnlyRead><Icon of={Pencil} size="m" /></button>) : (
        <input value={typed} maxLength={200} aria-label={say('ticket.subject')} autoFocus onChange={(e) => type(e.target.value)} onBlur={() => { save(typed); type(undefined); }}
          onKeyDown={(e) => {
            if (e.key === 'Enter') { save(typed); back(); }
            else if (e.key === 'Escape') back();
            else return;
            e.preventDefault();
          }} />
      )}
    </h1>
  );
}
