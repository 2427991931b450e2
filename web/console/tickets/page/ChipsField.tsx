// A list of short texts that is edited in place: tags, and addresses that get copies (B100, B101).
import { Plus, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useFoundContacts } from '../../contacts/find';
import { Button, Icon } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import css from './facts.module.css';

export function ChipsField({ of, kind, locked, add, drop, most, onChange }: {
  of: readonly string[]; kind: 'email' | 'text'; locked: boolean; add: string; drop(text: string): string; most: number; onChange(all: string[]): Promise<boolean>;
}) {
  const say = useWords();
  const [typed, type] = useState<string>();
  const [fault, setFault] = useState(false);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLSpanElement>(null);
  const close = () => { type(undefined); setFault(false); requestAnimationFrame(() => button.current?.querySelector('button')?.focus()); };
  const take = (more: boolean) => {
    const text = typed?.trim() ?? '';
    if (input.current && !input.current.checkValidity()) return setFault(true);
    if (text && !of.some((x) => x.toLowerCase() === text.toLowerCase())) void onChange([...of, text]).then((done) => { if (!done) type((now) => now || text); });
    if (more && text) type('');
    else if (more) close();
    else type(undefined);
  };
  return (
    <div className={css.chips}>
      {of.map((text) => <span key={text} className={css.chip}>{text}{!locked && <button type="button" aria-label={drop(text)} title={drop(text)} onClick={() => void onChange(of.filter((x) => x !== text))}><Icon of={X} size="s" /></button>}</span>)}
      {locked && of.length === 0 && <span className={parts.help}>–</span>}
      {!locked && of.length < most && (typed === undefined
        ? <span ref={button}><Button tiny icon={Plus} name={add} onClick={() => type('')} /></span>
        : (
          <input ref={input} className={css.chipInput} type={kind} value={typed} maxLength={kind === 'email' ? 254 : 50} aria-label={add} aria-invalid={fault || undefined} autoFocus spellCheck={false} autoComplete="off" list={kind === 'email' ? id : undefined}
            onChange={(e) => { type(e.target.value); setFault(false); }} onBlur={() => take(false)}
            onKeyDown={(e) => {
              if (e.key === 'Enter') take(true);
              else if (e.key === 'Escape') close();
              else return;
              e.preventDefault();
              e.stopPropagation();
            }} />
        ))}
      {kind === 'email' && typed !== undefined && <Known id={id} typed={typed} />}
      {fault && <span className={parts.helpLate} role="alert">{say('ticketPage.noAddress')}</span>}
    </div>
  );
}

/** The addresses of contacts, to be taken while one types. */
function Known({ id, typed }: { id: string; typed: string }) {
  const { contacts } = useFoundContacts(typed);
  return <datalist id={id}>{contacts.map((c) => c.email && <option key={c.id} value={c.email}>{c.name}</option>)}</datalist>;
}
