// A ticket: its classifications, each edited in place, and its proceedings.
import type { Ticket } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronsUpDown, CircleAlert, Lock } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../conversations/place';
import { Menu } from '../parts/Menu';
import { Blank, Bone, Button, Icon, join, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { full } from '../parts/time';
import { alive, data, desk, useAgents, useMe } from '../shell/desk';
import css from '../shell/shell.module.css';
import { complain, reasonOf, toast } from '../shell/toasts';
import { useWords } from '../shell/words';
import { ticketStatuses } from './search';

type Change = { subject?: string; status?: Ticket['status']; responsible?: string };

export default function TicketPage() {
  const say = useWords();
  const cache = useQueryClient();
  const number = Number((useParams({ strict: false }) as { number?: string }).number);
  const key = ['ticket', number];
  const query = useQuery({ queryKey: key, queryFn: () => data(desk.GET('/v1/tickets/{number}', { params: { path: { number } } })) });
  const agents = useAgents();
  const reader = useMe().agent.role === 'viewer';
  const contact = useQuery({ queryKey: ['contact', query.data?.ticket.requester], enabled: Boolean(query.data), queryFn: () => data(desk.GET('/v1/contacts/{id}', { params: { path: { id: query.data?.ticket.requester ?? '' } } })) }).data;
  if (query.isError) return <Blank icon={CircleAlert} title={say('ticket.gone')}><p>{reasonOf(query.error)}</p><Button look="edge" onClick={() => void query.refetch()}>{say('retry')}</Button></Blank>;
  if (!query.data) return <div className={css.inner}><Bone wide="40%" high={20} /></div>;
  const { ticket: t, actions } = query.data;
  const reread = () => cache.invalidateQueries({ queryKey: key });
  const change = (what: Change) => data(desk.PATCH('/v1/tickets/{number}', { params: { path: { number } }, body: { version: t.version, ...what } })).then(() => toast(say('saved'), { tone: 'done' }), complain).finally(reread);
  const responsible = agents.find((a) => a.id === t.responsible);
  return (
    <div className={css.inner}>
      <p className={parts.help}>{say('ticket')} {t.number}</p>
      {t.subject !== undefined && <Subject key={t.subject} of={t} locked={reader} onSave={(subject) => void change({ subject })} />}
      <div className={css.line}>
        {t.status && <Menu label={say('status')} items={() => ticketStatuses.map((s) => ({ text: say(`ticketStatus.${s}`), checked: s === t.status, run: () => void change({ status: s }) }))}>
          <button type="button" disabled={reader} className={join(parts.button, parts.edge)}>{say(`ticketStatus.${t.status}`)}<Icon of={ChevronsUpDown} size="s" /></button>
        </Menu>}
        <Menu label={say('ticket.responsible')} items={() => [{ text: say('nobody'), checked: !t.responsible, run: () => void change({ responsible: '' }) }, ...alive(agents).filter((a) => a.role !== 'viewer').map((a) => ({ text: a.name, checked: a.id === t.responsible, run: () => void change({ responsible: a.id }) }))]}>
          <button type="button" disabled={reader} className={join(parts.button, parts.edge)}><Who agent={responsible} size="s" />{responsible?.name ?? say('nobody')}<Icon of={ChevronsUpDown} size="s" /></button>
        </Menu>
        <Link to="/contacts/$id" params={{ id: t.requester }} className={parts.textButton}>{contact?.name || contact?.email || say('contact')}</Link>
        {t.conversations.map((id, i) => <Link key={id} to={addressOf({ view: 'all', id })} className={parts.textButton}>{say('ticket.conversation', { n: i + 1 })}</Link>)}
      </div>
      <section className={css.stack} aria-label={say('ticket.proceedings')}>
        {actions.map((a) => (
          <div key={a.id} className={css.proceeding} data-internal={!a.public || undefined}>
            <small>{!a.public && <Icon of={Lock} size="s" />} {a.author.name ?? 'Relevo'} · {full(a.at)} · {say(a.public ? 'ticket.public' : 'ticket.internal')}</small>
            {a.kind !== 'action' && a.conversation ? <Link to={addressOf({ view: 'all', id: a.conversation })} className={parts.textButton}>{a.text || say(a.kind === 'history' ? 'ticket.history' : 'ticket.linked')}</Link> : <span>{a.text}</span>}
          </div>
        ))}
        {actions.length === 0 && <p className={parts.help}>{say('ticket.noProceedings')}</p>}
      </section>
      {!reader && <NewAction number={number} onDone={() => void reread()} />}
    </div>
  );
}

function Subject({ of: t, locked, onSave }: { of: Ticket; locked: boolean; onSave(subject: string): void }) {
  const say = useWords();
  const [text, set] = useState(t.subject ?? '');
  const save = () => { if (text.trim() && text.trim() !== t.subject) onSave(text.trim()); };
  return <input className={parts.input} style={{ font: 'var(--head)' }} value={text} maxLength={200} disabled={locked} aria-label={say('ticket.subject')} onChange={(e) => set(e.target.value)} onBlur={save} onKeyDown={(e) => { if (e.key === 'Enter') e.currentTarget.blur(); }} />;
}

function NewAction({ number, onDone }: { number: number; onDone(): void }) {
  const say = useWords();
  const [text, set] = useState('');
  const [open, setOpen] = useState(false);
  const [id, setID] = useState(newID);
  const add = () => data(desk.POST('/v1/tickets/{number}/actions', { params: { path: { number } }, body: { client_id: id, text: text.trim(), public: open } })).then(() => { set(''); setID(newID()); }, complain).finally(onDone);
  return (
    <form className={css.stack} onSubmit={(e) => { e.preventDefault(); if (text.trim()) void add(); }}>
      <label className={parts.field}><span className={parts.label}>{say('ticket.addAction')}</span><textarea className={parts.input} rows={3} maxLength={20000} value={text} onChange={(e) => set(e.target.value)} /></label>
      <div className={css.line}><label className={parts.check}><input type="checkbox" checked={open} onChange={(e) => setOpen(e.target.checked)} />{say('ticket.public')}</label><Button type="submit" look="go" disabled={!text.trim()}>{say('ticket.addAction')}</Button></div>
    </form>
  );
}
