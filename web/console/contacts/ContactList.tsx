import type { Contact } from '@relevo/shared/api/desk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, ContactRound } from 'lucide-react';
import { useState } from 'react';
import { plain } from '../parts/Choices';
import { Blank, Bone, Button } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { shortDay } from '../parts/time';
import { data, desk } from '../shell/desk';
import css from '../shell/shell.module.css';
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
    <div className={css.inner} style={{ maxInlineSize: 1040 }}>
      <div className={css.line}><h1>{say('contacts')}</h1><input className={parts.input} style={{ inlineSize: 260 }} value={typed} placeholder={say('contact.find')} aria-label={say('contact.find')} onChange={(e) => type(e.target.value)} /></div>
      {query.isError ? <Failed why={query.error} retry={() => void query.refetch()} />
        : query.isPending ? <Bone wide="60%" high={12} /> : rows.length === 0 && searches && busy ? <Bone wide="60%" high={12} /> : rows.length === 0 && searches && fault ? <Failed why={fault} retry={retry} /> : rows.length === 0 ? <Blank icon={ContactRound} title={say('contact.none')} /> : (
          <table className={css.sheetTable}>
            <thead><tr><th>{say('contact.name')}</th><th>{say('email')}</th><th>{say('details.phone')}</th><th>{say('details.since')}</th></tr></thead>
            <tbody>{rows.map((c) => <tr key={c.id}><td><Link to="/contacts/$id" params={{ id: c.id }} className={parts.textButton}>{c.name || c.email || say('contact.nameless')}</Link></td><td>{c.email}</td><td>{c.phone}</td><td>{shortDay(c.created_at)}</td></tr>)}</tbody>
          </table>
        )}
      {query.hasNextPage && !searches && <Button look="edge" onClick={() => void query.fetchNextPage()}>{say('more')}</Button>}
    </div>
  );
}

function Failed({ why, retry }: { why: Error; retry(): void }) {
  const say = useWords();
  return <Blank icon={CircleAlert} title={say('list.failed')}><p role="alert">{reasonOf(why)}</p><Button look="edge" onClick={retry}>{say('retry')}</Button></Blank>;
}
