// One action: who, when, for whom, what it says; "see more" tells what it set off and what it said before (B111, B112).
import { Refusal } from '@relevo/shared/api/desk';
import { Link } from '@tanstack/react-router';
import { Globe, Lock, Pencil } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Box } from '../../composer/box';
import look from '../../composer/composer.module.css';
import { addressOf } from '../../conversations/place';
import { Author, Button, Customer, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useDraft } from '../../parts/useDraft';
import { full, moment } from '../../parts/time';
import { data, desk, nameOf, useAgents, useMe } from '../../shell/desk';
import { complain } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { Files } from '../../thread/Files';
import { PlainText, RichText } from '../../thread/RichText';
import { MarkedBox } from './ActionBox';
import { HistoryMessages } from './HistoryMessages';
import { rereadOpened, versionOf, type TicketAction, type TicketChange } from './opened';
import css from './proceedings.module.css';

interface Props { of: TicketAction; number: number; locked: boolean; earlier: readonly TicketChange[]; withNotes: boolean }

export function ActionView({ of: a, number, locked, earlier, withNotes }: Props) {
  const say = useWords();
  const me = useMe().agent;
  const [editing, edit] = useState<string>();
  const history = a.kind === 'history';
  const mayEdit = !locked && !history && (a.author.id === me.id || me.role === 'operator' || me.role === 'administrator');
  const begin = async () => {
    if (!a.html) return edit(a.text);
    const { marksOf } = await import('../../composer/RichBox');
    edit(marksOf(a.html));
  };
  const name = a.author.name || say('ticketPage.desk');
  return (
    <li className={join(css.doing, !a.public && css.inner)} data-action={a.id} data-internal={!a.public || undefined}>
      {a.author.kind === 'customer' ? <Customer name={name} /> : <Author of={a.author} />}
      <div>
        <p className={css.doingHead}>
          <b>{history ? say('ticket.history') : name}</b><Icon of={a.public ? Globe : Lock} size="s" />
          <span>{say(a.public ? 'ticketPage.publicAction' : 'ticketPage.internalAction')}{a.kind === 'description' && ` · ${say('ticketPage.description')}`} · <time dateTime={a.at} title={full(a.at)}>{moment(a.at)}</time>{a.edited_at && ` · ${say('ticketPage.edited')}`}</span>
          {mayEdit && editing === undefined && <Button tiny icon={Pencil} className={css.push} name={say('ticketPage.editAction')} onClick={() => void begin()} />}
        </p>
        {editing !== undefined ? <Edit of={a} number={number} start={editing} onDone={() => edit(undefined)} />
          : history && a.conversation ? <HistoryMessages conversation={a.conversation} from={a.from ?? ''} to={a.to ?? ''} withNotes={withNotes} />
            : <div className={css.said}>{a.html ? <RichText html={a.html} /> : <PlainText text={a.text} />}</div>}
        {a.attachments.length > 0 && <div className={css.files}><Files of={a.attachments} /></div>}
        <More of={a} earlier={earlier} />
      </div>
    </li>
  );
}

function Edit({ of: a, number, start, onDone }: { of: TicketAction; number: number; start: string; onDone(): void }) {
  const say = useWords();
  const [begun] = useState({ text: start, version: a.version });
  const { value: { text, version }, set, forget } = useDraft(`action.${number}.${a.id}`, begun);
  const [saving, setSaving] = useState(false);
  const [overtaken, tell] = useState(false);
  const box = useRef<Box>(null);
  const save = async () => {
    if (!text.trim() || saving) return;
    setSaving(true);
    const html = box.current?.html();
    try {
      await data(desk.PATCH('/v1/tickets/{number}/actions/{action}', { params: { path: { number, action: a.id } }, body: { version, ...(html ? { html } : { text: text.trim() }) } }));
      forget();
      await rereadOpened(number);
      onDone();
    } catch (cause) {
      if (cause instanceof Refusal && cause.code === 'conflict' && cause.field === 'version') {
        await rereadOpened(number);
        set({ version: versionOf(number, a.id) }); // what is shown now may be saved over, and nothing later
        tell(true);
      } else complain(cause);
      setSaving(false);
    }
  };
  return (
    <div className={join(look.box, css.box)}>
      <MarkedBox box={box} text={text} onText={(typed) => { if (typed !== text) set({ text: typed, version }); }} onSend={() => void save()} onLeave={onDone} label={say('ticketPage.editAction')} placeholder={say('ticketPage.write')}>
        {overtaken && <p className={parts.help} role="alert">{say('ticketPage.actionChanged', { who: a.edited_by?.name ?? say('ticketPage.someone') })}</p>}
        <div className={look.end}><Button onClick={() => { forget(); onDone(); }}>{say('cancel')}</Button><Button look="go" disabled={!text.trim() || saving} onClick={() => void save()}>{say('ticketPage.save')}</Button></div>
      </MarkedBox>
    </div>
  );
}

/** Who did it, what it set off, and what it said before. */
function More({ of: a, earlier }: { of: TicketAction; earlier: readonly TicketChange[] }) {
  const say = useWords();
  const [open, set] = useState(false);
  const agents = useAgents();
  return (
    <>
      <button type="button" className={join(parts.textButton, css.more)} aria-expanded={open} onClick={() => set(!open)}>{say(open ? 'ticketPage.less' : 'ticketPage.more')}</button>
      {open && (
        <dl className={css.moreFacts}>
          <dt>{say('ticketPage.user')}</dt><dd>{a.author.name || say('ticketPage.desk')}, {full(a.at)}</dd>
          {a.edited_at && <><dt>{say('ticketPage.editedBy')}</dt><dd>{a.edited_by?.name ?? ''}, {full(a.edited_at)}</dd></>}
          {a.moved_from && <><dt>{say('ticketPage.movedFrom')}</dt><dd><Link to="/tickets/$number" params={{ number: String(a.moved_from) }} className={parts.textButton}>{a.moved_from}</Link></dd></>}
          <dt>{say('ticketPage.triggers')}</dt>
          <dd>{a.effects.length === 0 ? say('ticketPage.noTriggers') : (
            <ul>{a.effects.map((e) => <li key={`${e.kind} ${e.to}`}>{e.kind === 'reply' ? <Link to={addressOf({ view: 'all', id: e.to })} className={parts.textButton}>{say('effect.reply')}</Link> : say(`effect.${e.kind}`, { to: e.kind === 'notified' ? nameOf(agents, e.to) : e.to })}</li>)}</ul>
          )}</dd>
          {earlier.length > 0 && <><dt>{say('ticketPage.before')}</dt><dd><ul>{earlier.map((c) => <li key={c.id} className={css.earlier}>{c.fields.find((f) => f.field === 'text')?.from}<small>{full(c.at)} · {c.by.name}</small></li>)}</ul></dd></>}
        </dl>
      )}
    </>
  );
}
