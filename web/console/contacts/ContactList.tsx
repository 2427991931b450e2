import type { Contact } from '@relevo/shared/api/desk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, ContactRound, Search } from 'lucide-react';
import { useState } from 'react';
import { plain } from '../parts/Choices';
import { Blank, Bone, Button, Customer, Icon } from '../parts/parts';
import { shortDay } from '../parts/time';
import { data, desk } from '../shell/desk';
import css from './contacts.module.css';
import { useFoundContacts } from './find';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';

/** Contacts, newest first; or, by what stands in the field, those that the desk finds. */
export default function ContactList() {
  const say = useWords();
  const [typed, type] = useState('');
  const query = useInfiniteQuery({
    queryKey: ['contacts'], initialPageParam: undefined as string | undefined, getNextPageParam: (p: { cursor?: string }) => p.cursor,
    queryFn: ({ pageParam }) => data(desk.GET('/v1/contacts', { params: { query: { limit: 100, cursor: pageParam } } })),
  });
  const { contacts, fits, busy, fault, retry } = useFoundContacts(typed);
  const matches = (c: Contact) => fits(c) || plain(`${c.name} ${c.email ?? ''} ${c.phone ?? ''}`).includes(plain(typed));
  const searches = typed.trim().length > 1;
  const rows = (searches ? contacts : query.data?.pages.flatMap((p) => p.items) ?? []).filter(matches);
  return (
    <>
      <header className={css.bar}>
        <h1 className={css.title}>{say('contacts')}</h1>
        <label className={css.find}><Icon of={Search} size="m" /><input type="search" value={typed} placeholder={say('contact.find')} aria-label={say('contact.find')} onChange={(e) => type(e.target.value)} /></label>
      </header>
      <div className={css.scroll}>
        {query.isError ? <Failed why={query.error} retry={() => void query.refetch()} />
          : query.isPending || (rows.length === 0 && searches && busy) ? <div className={css.wait}><Bone wide="40%" high={12} /></div> : rows.length === 0 && searches && fault ? <Failed why={fault} retry={retry} /> : rows.length === 0 ? <Blank icon={ContactRound} title={say('contact.none')} /> : (
            <table className={css.table} role="table" aria-label={say('contacts')}>
              <thead role="rowgroup"><tr role="row">{(['contact.name', 'email', 'details.phone', 'details.since'] as const).map((key) => <th key={key} role="columnheader" scope="col">{say(key)}</th>)}</tr></thead>
              <tbody role="rowgroup">{rows.map((c) => {
                const name = c.name || c.email || say('contact.nameless');
                return <tr key={c.id} role="row"><td role="cell"><Link to="/contacts/$id" params={{ id: c.id }} className={css.who}><Customer name={name} /><span>{name}</span></Link></td><td role="cell">{c.email}</td><td role="cell">{c.phone}</td><td role="cell">{shortDay(c.created_at)}</td></tr>;
              })}</tbody>
            </table>
          )}
        {query.hasNextPage && !searches && <p className={css.more}><Button look="edge" onClick={() => void query.fetchNextPage()}>{say('more')}</Button></p>}
      </div>
    </>
  );
}

function Failed({ why, retry }: { why: Error; retry(): void }) {
  const say = useWords();
  return <Blank icon={CircleAlert} title={say('list.failed')}><p role="alert">{reasonOf(why)}</p><Button look="edge" onClick={retry}>{say('retry')}</Button></Blank>;
}
