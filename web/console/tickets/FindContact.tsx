import type { Contact } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Choices } from '../parts/Choices';
import picks from '../parts/choices.module.css';
import { data, desk } from '../shell/desk';
import { useWords } from '../shell/words';

/** Finds a contact among the newest by name, e-mail or phone. */
export function FindContact({ onTaken, quiet }: { onTaken(c: Contact): void; quiet?: boolean }) {
  const say = useWords();
  const [typed, type] = useState('');
  const all = useQuery({ queryKey: ['contacts', 'first'], queryFn: async () => (await data(desk.GET('/v1/contacts', { params: { query: { limit: 100 } } }))).items }).data ?? [];
  return (
    <Choices quiet={quiet} label={say('contact.find')} typed={typed} onTyped={type} empty={say('nothingFound')} onTaken={(id) => { const c = all.find((x) => x.id === id); if (c) onTaken(c); }}
      options={all.map((c) => ({
        id: c.id, text: c.name || c.email || say('contact.nameless'), more: `${c.email ?? ''} ${c.phone ?? ''}`,
        view: <span className={picks.two}><span>{c.name || c.email || say('contact.nameless')}</span><small>{[c.name && c.email, c.phone].filter(Boolean).join(' · ')}</small></span>,
      }))} />
  );
}
