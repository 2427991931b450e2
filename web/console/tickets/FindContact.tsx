import type { Contact } from '@relevo/shared/api/desk';
import { useState } from 'react';
import { useFoundContacts } from '../contacts/find';
import { Choices } from '../parts/Choices';
import picks from '../parts/choices.module.css';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';

/** Finds a contact by the beginnings of its name, e-mail or phone; first the newest are offered. */
export function FindContact({ onTaken, quiet, without, fault: wrong }: { onTaken(c: Contact): void; quiet?: boolean; without?: string; fault?: string | undefined }) {
  const say = useWords();
  const [typed, type] = useState('');
  const { contacts, fits, busy, fault, retry } = useFoundContacts(typed);
  const all = contacts.filter((c) => c.id !== without);
  return (
    <Choices quiet={quiet} fault={wrong} failed={fault && { why: reasonOf(fault), retry }} label={say('contact.find')} typed={typed} onTyped={type} empty={say(busy ? 'searching' : 'nothingFound')} onTaken={(id) => { const c = all.find((x) => x.id === id); if (c) onTaken(c); }}
      options={all.map((c) => ({
        id: c.id, text: c.name || c.email || say('contact.nameless'), more: `${c.email ?? ''} ${c.phone ?? ''}`, sure: fits(c),
        view: <span className={picks.two}><span>{c.name || c.email || say('contact.nameless')}</span><small>{[c.name && c.email, c.phone].filter(Boolean).join(' · ')}</small></span>,
      }))} />
  );
}
