// One piece of a thread: a day, a turn, a line of activity, a note, a hand-over.
import type { Agent, Conversation, Message, NewMessage } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { ArrowRight, Check, CheckCheck, ChevronRight, CircleAlert, Clock, Copy, Ellipsis, Link2, Lock, MapPin, Reply, Trash2 } from 'lucide-react';
import { Fragment, memo } from 'react';
import { deleteMessage } from '../conversations/acts';
import { putMessage } from '../conversations/cache';
import { Menu, type Item } from '../parts/Menu';
import { Author, Button, Chip, Customer, Icon, join, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { sameDay } from '../parts/day';
import { clock, dayName } from '../parts/time';
import { useCell } from '../shell/cell';
import { data, desk, nameOf, useAgents, useDepartments, useLabels, useMe } from '../shell/desk';
import { outbox } from '../shell/live';
import { complain, reasonFor, toast } from '../shell/toasts';
import { troubles } from '../shell/waiting';
import { spoken, useWords } from '../shell/words';
import { iconOf, tell, whoOf } from './activity';
import { Files } from './Files';
import type { Piece } from './flow';
import { PlainText, RichText } from './RichText';
import css from './thread.module.css';

/** What its pieces need of the conversation; the same for as long as they are to look the same. */
export interface Talk {
  name: string;
  channel: Conversation['channel'];
  /** What the customer has read; "" for nothing. */
  readTo: string;
  mayReply: boolean;
  /** Messages that others answer, by their ids. */
  quoted: ReadonlyMap<string, Message>;
  reply(m: Message): void;
  linked?: string;
}

export const PieceView = memo(function PieceView({ of: p, talk }: { of: Piece; talk: Talk }) {
  const say = useWords();
  switch (p.kind) {
    case 'day':
      return <div className={css.day}><time dateTime={p.at}>{sameDay(p.at, Date.now()) ? say('thread.today', { day: spoken() === 'en' ? dayName(p.at) : dayName(p.at).toLowerCase() }) : dayName(p.at)}</time></div>;
    case 'fresh':
      return <div className={join(css.day, css.fresh)}><span>{say('thread.fresh', { count: p.count })}</span></div>;
    case 'turn':
      return <Turn of={p} talk={talk} />;
    case 'act':
      return <div className={css.act}><Icon of={iconOf(p.message)} size="m" /><span><Told of={p.message} /> · <time dateTime={p.message.at}>{clock(p.message.at)}</time></span></div>;
    case 'fold':
      return <Fold of={p.messages} />;
    case 'inner':
      return p.message.kind === 'note' ? <Note of={p.message} talk={talk} /> : <Handover of={p.message} />;
    case 'waiting':
      return <Waiting of={p.entry} />;
  }
});

export function Told({ of: m }: { of: Message }) {
  useWords();
  const agents = useAgents(), departments = useDepartments(), labels = useLabels();
  return tell(m, { agent: (id) => nameOf(agents, id), department: (id) => nameOf(departments, id), label: (id) => nameOf(labels, id) });
}

function Fold({ of }: { of: Message[] }) {
  const say = useWords();
  const first = of[0] as Message, last = of[of.length - 1] as Message;
  return (
    <details className={css.fold} open={of.length < 3}>
      <summary><Icon of={ChevronRight} size="m" /><span>{say('thread.changes', { count: of.length })} · {clock(first.at)}{clock(first.at) !== clock(last.at) && `–${clock(last.at)}`}</span></summary>
      <ul>{of.map((m) => <li key={m.id}><time dateTime={m.at}>{clock(m.at)}</time><span><Told of={m} /></span></li>)}</ul>
    </details>
  );
}

function Turn({ of: p, talk }: { of: Extract<Piece, { kind: 'turn' }>; talk: Talk }) {
  const say = useWords();
  const ours = p.side !== 'theirs';
  const first = p.messages[0] as Message, last = p.messages[p.messages.length - 1] as Message;
  const { name } = talk;
  return (
    <div className={join(css.turn, ours && css.ours, p.side === 'auto' && css.auto)}>
      <span className={css.side}>{ours ? <Author of={p.author} /> : <Customer name={name} />}</span>
      {!ours && <p className={css.turnHead}><b>{name}</b><time dateTime={first.at}>{clock(first.at)}</time></p>}
      {p.messages.map((m, i) => (
        <Fragment key={m.id}>
          <Said of={m} talk={talk} place={placeIn(i, p.messages.length)} />
          {m !== last && m.delivery?.state === 'failed' && <Delivery of={m} talk={talk} />}
        </Fragment>
      ))}
      {ours && (p.side === 'auto'
        ? <p className={css.sent}>{say('thread.automatic')} · <time dateTime={last.at}>{clock(last.at)}</time></p>
        : <Delivery of={last} talk={talk} />)}
    </div>
  );
}

const placeIn = (i: number, all: number) => (all === 1 ? 'only' : i === 0 ? 'first' : i === all - 1 ? 'last' : 'mid');

const Said = memo(function Said({ of: m, talk, place }: { of: Message; talk: Talk; place: string }) {
  const say = useWords();
  const meant = m.reply_to ? talk.quoted.get(m.reply_to) : undefined;
  const gone = Boolean(m.deleted_at);
  return (
    <div className={join(css.say, m.delivery?.state === 'failed' && css.late)} data-place={place} data-message={m.id} data-linked={talk.linked === m.id || undefined}>
      {meant && <blockquote className={css.quote}><b>{meant.author.kind === 'customer' ? talk.name : whoOf(meant)}</b><span>{meant.text || meant.attachments?.[0]?.name || say('message.deleted')}</span></blockquote>}
      {gone ? <span className={css.gone}>{say('message.deleted')}</span> : <Content of={m} />}
      {!gone && <SayMenu of={m} talk={talk} />}
    </div>
  );
});

function Content({ of: m }: { of: Message }) {
  const say = useWords();
  const d = m.data ?? {};
  return (
    <>
      {m.content === 'template' && <Chip>{say('template')}</Chip>}
      {m.content === 'unsupported' && <span className={css.gone}>{say('message.unsupported')}</span>}
      {m.html ? <RichText html={m.html} /> : m.text && <PlainText text={m.text} />}
      {m.content === 'location' && d['latitude'] && (
        <a className={css.map} href={`https://www.openstreetmap.org/?mlat=${encodeURIComponent(d['latitude'])}&mlon=${encodeURIComponent(d['longitude'] ?? '')}`} target="_blank" rel="noopener noreferrer"><Icon of={MapPin} size="m" />{say('message.map')}</a>
      )}
      {m.attachments.length > 0 && <Files of={m.attachments} />}
    </>
  );
}

function SayMenu({ of: m, talk }: { of: Message; talk: Talk }) {
  const say = useWords();
  const me = useMe().agent;
  const replies = talk.mayReply && m.kind === 'message';
  const items = (): Item[] => [
    ...(replies ? [{ icon: Reply, text: say('message.reply'), run: () => talk.reply(m) }] : []),
    { icon: Copy, text: say('message.copy'), run: () => void navigator.clipboard.writeText(m.text).then(() => toast(say('copied'), { tone: 'done' })) },
    { icon: Link2, text: say('message.copyLink'), run: () => void navigator.clipboard.writeText(`${location.origin}/conversations/all/${m.conversation}#${m.id}`).then(() => toast(say('copied'), { tone: 'done' })) },
    ...(m.author.id === me.id || me.role === 'operator' || me.role === 'administrator' ? [{ icon: Trash2, text: say('message.delete'), run: () => void deleteMessage(m.conversation, m.id) }] : []),
  ];
  return (
    <span className={css.sayActs}>
      {replies && <Button tiny icon={Reply} name={say('message.reply')} onClick={() => talk.reply(m)} />}
      <Menu label={say('message.menu')} items={items}><Button tiny icon={Ellipsis} name={say('message.menu')} /></Menu>
    </span>
  );
}

function Delivery({ of: m, talk }: { of: Message; talk: Talk }) {
  const say = useWords();
  if (m.delivery?.state === 'failed') {
    const again = () => data(desk.POST('/v1/conversations/{id}/messages/{message}/retry', { params: { path: { id: m.conversation, message: m.id } } })).then((now) => putMessage(m.conversation, now), complain);
    return (
      <p className={join(css.sent, css.sentLate)}><Icon of={CircleAlert} size="m" /><span>{say('sent.failed')}{m.delivery.error && `: ${m.delivery.error}`}</span>
        {talk.mayReply && <button type="button" className={parts.lateButton} onClick={() => void again()}>{say('retry')}</button>}</p>
    );
  }
  const read = m.delivery?.state === 'read' || (talk.channel === 'webchat' && talk.readTo >= m.id);
  const state = read ? 'read' : m.delivery?.state ?? 'sent';
  return (
    <p className={css.sent} data-read={read || undefined}>
      <time dateTime={m.at}>{clock(m.at)}</time><Icon of={state === 'sent' ? Check : CheckCheck} size="m" /><span>{say(`sent.${state as 'read'}`)}</span>
    </p>
  );
}

function Note({ of: m, talk }: { of: Message; talk: Talk }) {
  const say = useWords();
  const agents = useAgents();
  return (
    <div className={css.inner} data-message={m.id} data-linked={talk.linked === m.id || undefined}>
      <Icon of={Lock} />
      <div>
        <p className={css.innerHead}><b>{whoOf(m)}</b><span>{say('note.private')} · <time dateTime={m.at}>{clock(m.at)}</time></span>{!m.deleted_at && <span className={css.innerMenu}><SayMenuPlain of={m} /></span>}</p>
        {m.deleted_at ? <span className={css.gone}>{say('message.deleted')}</span> : m.html ? <RichText html={m.html} />
          : <PlainText text={m.text} names={(m.mentions ?? []).flatMap((id) => [nameOf(agents, id), id])} />}
        {m.attachments.length > 0 && <Files of={m.attachments} />}
      </div>
    </div>
  );
}

function SayMenuPlain({ of: m }: { of: Message }) {
  const say = useWords();
  const me = useMe().agent;
  const mine = m.author.id === me.id || me.role === 'operator' || me.role === 'administrator';
  return (
    <Menu label={say('message.menu')} items={() => [
      { icon: Copy, text: say('message.copy'), run: () => void navigator.clipboard.writeText(m.text) },
      ...(mine ? [{ icon: Trash2, text: say('message.delete'), run: () => void deleteMessage(m.conversation, m.id) }] : []),
    ]}>
      <Button tiny icon={Ellipsis} name={say('message.menu')} />
    </Menu>
  );
}

/** The hand-over is drawn: who, arrow, whom, reason. */
function Handover({ of: m }: { of: Message }) {
  const say = useWords();
  const agents = useAgents(), departments = useDepartments();
  const d = m.data ?? {};
  const to = agents.find((a) => a.id === d['agent']);
  const department = d['department'] ? nameOf(departments, d['department']) : '';
  const from: Pick<Agent, 'id' | 'name'> | undefined = m.author.kind === 'user' ? { id: m.author.id ?? '', name: whoOf(m) } : undefined;
  return (
    <div className={css.inner}>
      <Icon of={Lock} />
      <div>
        <p className={css.innerHead}>
          {from && <Who agent={from} size="s" />}<b>{whoOf(m)}</b><Icon of={ArrowRight} size="m" />
          {to ? <><Who agent={to} size="s" /><b>{to.name}</b></> : <b>{department || d['to']}</b>}
          <span>{say(d['waits_for'] ? 'thread.transferredWaits' : 'thread.transferred')} · <time dateTime={m.at}>{clock(m.at)}</time></span>
        </p>
        {d['reason'] && <p>{d['reason']}</p>}
      </div>
    </div>
  );
}

/** A message of ours that the desk has not taken yet. */
function Waiting({ of: e }: { of: Entry }) {
  const say = useWords();
  const me = useMe().agent;
  const trouble = useCell(troubles).get(e.id);
  const body = e.body as NewMessage;
  const shown = (e.shown ?? {}) as { files?: string[]; text?: string };
  const text = body.text || shown.text || body.template?.name || '';
  const state = e.refused ? (
    <p className={join(css.sent, css.sentLate)}><Icon of={CircleAlert} size="m" /><span>{say('sent.refused')}: {reasonFor(e.refused)}</span>
      <button type="button" className={parts.lateButton} onClick={() => void outbox().retry(e.id)}>{say('retry')}</button>
      <button type="button" className={parts.lateButton} onClick={() => void outbox().remove(e.id)}>{say('discard')}</button></p>
  ) : <p className={css.sent} role="status"><Icon of={Clock} size="m" /><span>{trouble ? `${reasonFor(trouble)} ${say('sent.again')}` : say(navigator.onLine ? 'sent.sending' : 'sent.waits')}</span></p>;
  const files = shown.files?.map((name) => <span key={name} className={css.file}>{name}</span>);
  if (body.kind === 'note') return <div className={css.inner}><Icon of={Lock} /><div><p className={css.innerHead}><b>{me.name}</b><span>{say('note.private')}</span></p>{text}{files}{state}</div></div>;
  return (
    <div className={join(css.turn, css.ours)}>
      <span className={css.side}><Who agent={me} /></span>
      <div className={join(css.say, e.refused && css.late)} data-place="only">{text}{files}</div>
      {state}
    </div>
  );
}
