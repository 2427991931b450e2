// Beside the thread: whom one talks to, whose it is, its ticket, its clocks, what was before.
import type { Clock, Contact, Conversation, Message } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, ChevronsUpDown, CircleAlert, CircleCheck, ExternalLink, Pencil, Plus, Search, Unlink, UserRound, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { act, confirmTicket, rejectTicket, setPriority, unlinkTicket } from '../conversations/acts';
import { nameOfContact, overlaid } from '../conversations/overlaid';
import { conversationQuery } from '../conversations/cache';
import { addressOf } from '../conversations/place';
import { glyphOf, StatusChip } from '../conversations/Row';
import { standing, targets } from '../parts/clocks';
import { Menu } from '../parts/Menu';
import { useNow } from '../parts/now';
import { Bars, Bone, Button, Chip, Customer, Icon, join, Ring, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { clock, shortDay, span } from '../parts/time';
import { data, desk, nameOf, useAgents, useDepartments, useLabels } from '../shell/desk';
import { useWaiting } from '../shell/waiting';
import { open } from '../shell/stage';
import { spoken, useWords } from '../shell/words';
import css from './details.module.css';

const priorities = ['none', 'low', 'medium', 'high', 'urgent'] as const;

export function Details({ id, onClose, narrow }: { id: string; onClose(): void; narrow: boolean }) {
  const say = useWords();
  const opened = useQuery(conversationQuery(id)).data;
  const waiting = useWaiting(id);
  if (!opened) return <div className={css.head}><Bone wide={32} high={32} /><div><Bone wide="60%" high={10} /></div></div>;
  const c = overlaid(opened.conversation, waiting);
  const name = nameOfContact(c);
  const email = opened.contact.email ?? c.contact.email;
  return (
    <>
      <header className={css.head}>
        <Customer name={name} size="l" />
        <div><b>{name}</b><small>{email ?? say('details.noEmail')}</small></div>
        <Link to="/contacts/$id" params={{ id: c.contact.id }} target="_blank" className={join(parts.button, parts.square)} title={say('details.record')} aria-label={say('details.recordOf', { name })}><Icon of={ExternalLink} size="m" /></Link>
        {narrow && <Button icon={X} name={say('details.shut')} onClick={onClose} />}
      </header>
      <div className={css.scroll}>
        <ContactFacts of={opened.contact} />
        <Assignment of={c} />
        <TicketPart of={c} />
        <Clocks of={c.clocks} />
        <Before of={c} />
        <Attributes of={c} messages={opened.messages} />
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return <><dt>{name}</dt><dd>{children}</dd></>;
}

export function ContactFacts({ of, bare }: { of: Contact; bare?: boolean }) {
  const say = useWords();
  const language = (tag: string) => {
    try {
      return new Intl.DisplayNames(spoken(), { type: 'language' }).of(tag) ?? tag;
    } catch {
      return tag;
    }
  };
  const page = of.page && /^https?:/.test(of.page) ? new URL(of.page) : undefined;
  if (!of.phone && !of.language && !of.page) return null;
  return (
    <section className={join(css.part, bare && css.bare)} aria-label={say('details.contact')}>
      <dl className={css.facts}>
        <Fact name={say('details.phone')}>{of.phone && <span>{of.phone}</span>}</Fact>
        <Fact name={say('details.language')}>{of.language && <span>{language(of.language)}</span>}</Fact>
        <Fact name={say('details.page')}>{page ? <a className={parts.textButton} href={page.href} target="_blank" rel="noopener noreferrer nofollow">{page.host + page.pathname}</a> : of.page && <span>{of.page}</span>}</Fact>
      </dl>
    </section>
  );
}

function Assignment({ of: c }: { of: Conversation }) {
  const say = useWords();
  const agents = useAgents(), departments = useDepartments(), labels = useLabels();
  const may = (name: NonNullable<Conversation['allowed']>[number]) => c.allowed?.includes(name) ?? false;
  const assignee = agents.find((a) => a.id === c.assignee);
  const waits = agents.find((a) => a.id === c.waits_for);
  return (
    <section className={css.part} aria-label={say('details.assignment')}>
      <dl className={join(css.facts, css.picks)}>
        <Fact name={say('details.assignee')}>
          <button type="button" className={parts.pick} disabled={!may('assign')} onClick={() => open({ kind: 'assign', conversation: c.id })}>
            <Who agent={assignee ?? waits} size="s" /><span>{assignee?.name ?? (waits ? say('details.waitsFor', { name: waits.name }) : say('nobody'))}</span><Icon of={ChevronsUpDown} size="s" />
          </button>
        </Fact>
        <Fact name={say('details.department')}>
          <button type="button" className={parts.pick} disabled={!may('transfer')} onClick={() => open({ kind: 'department', conversation: c.id })}>
            <span>{nameOf(departments, c.department)}</span><Icon of={ChevronsUpDown} size="s" />
          </button>
        </Fact>
        <Fact name={say('details.priority')}>
          <Menu label={say('details.priority')} items={() => priorities.map((p) => ({ text: say(`priority.${p}`), checked: p === c.priority, run: () => void setPriority(c.id, p) }))}>
            <button type="button" className={parts.pick} disabled={!may('priority')}><Bars of={c.priority} /><span>{say(`priority.${c.priority}`)}</span><Icon of={ChevronsUpDown} size="s" /></button>
          </Menu>
        </Fact>
      </dl>
      <dl className={join(css.facts, css.labels)}>
        <Fact name={say('labels')}>
          {c.labels.map((l) => <Chip key={l}>{nameOf(labels, l)}</Chip>)}
          {may('label') ? <Button tiny icon={Plus} name={say('details.addLabel')} onClick={() => open({ kind: 'labels', conversation: c.id })} /> : c.labels.length === 0 && '–'}
        </Fact>
      </dl>
      {may('unassign') && c.assignee && <Button onClick={() => void act(c.id, 'unassign')} style={{ marginInlineStart: 88, fontSize: 12 }}>{say('act.unassign')}</Button>}
    </section>
  );
}

function TicketPart({ of: c }: { of: Conversation }) {
  const say = useWords();
  const number = c.ticket;
  const may = c.allowed?.includes('ticket') ?? false;
  const ticket = useTicket(number);
  const link = () => open({ kind: 'link', conversation: c.id });
  return (
    <section className={css.part} aria-labelledby="d-ticket">
      <div className={css.partHead}><h3 id="d-ticket">{say('ticket')}</h3>{may && <Button tiny icon={Search} name={say('ticket.link')} onClick={link} />}</div>
      {number === undefined ? <p className={parts.help}>{say('ticket.none')} {may && <button type="button" className={parts.textButton} onClick={link}>{say('ticket.linkOrNew')}</button>}</p> : (
        <div className={css.card}>
          <p className={css.cardHead}><span>{number}</span>{ticket?.status && <Chip look="State">{say(`ticketStatus.${ticket.status}`)}</Chip>}</p>
          <Link to="/tickets/$number" params={{ number: String(number) }}>{ticket?.subject ?? '…'}</Link>
          <p className={css.cardActs}>
            <Link to="/tickets/$number" params={{ number: String(number) }} className={parts.button}><Icon of={Pencil} size="m" />{say('edit')}</Link>
            {may && <Button icon={Unlink} onClick={() => void unlinkTicket(c.id)}>{say('ticket.unlink')}</Button>}
          </p>
        </div>
      )}
      {may && c.proposed_ticket !== undefined && <Proposed of={c} number={c.proposed_ticket} />}
    </section>
  );
}

const useTicket = (number: number | undefined) =>
  useQuery({ queryKey: ['ticket', number], enabled: number !== undefined, queryFn: () => data(desk.GET('/v1/tickets/{number}', { params: { path: { number: number ?? 0 } } })) }).data?.ticket;

/** The ticket of which the customer says that the conversation is about it (B80). */
function Proposed({ of: c, number }: { of: Conversation; number: number }) {
  const say = useWords();
  return (
    <div className={join(css.card, css.ask)} role="group" aria-label={say('ticket.proposed', { number })}>
      <p className={css.cardHead}><Icon of={UserRound} size="m" />{say('ticket.proposed', { number })}</p>
      <Link to="/tickets/$number" params={{ number: String(number) }}>{useTicket(number)?.subject ?? '…'}</Link>
      <p className={css.cardActs}>
        <Button icon={Check} onClick={() => void confirmTicket(c.id)}>{say('ticket.confirm')}</Button>
        <Button icon={X} onClick={() => void rejectTicket(c.id)}>{say('ticket.reject')}</Button>
      </p>
    </div>
  );
}

/** What is promised, each as a clock: of a conversation, or of a ticket. */
export function Clocks({ of: clocks }: { of: Conversation['clocks'] }) {
  const say = useWords();
  const now = useNow();
  const shown = targets.flatMap((target) => (clocks?.[target] ? [{ target, clock: clocks[target] }] : []));
  if (shown.length === 0) return null;
  return (
    <ClockPart>
      {shown.map(({ target, clock: of }) => {
        const { state, left, share } = standing(of, now);
        return (
          <li key={target} className={css.clock} data-state={state === 'paused' ? 'plain' : state === 'done' && of.breached ? 'late' : state} title={of.due && clock(of.due)}>
            {state === 'done' ? <Icon of={of.breached ? CircleAlert : CircleCheck} size="m" /> : <Ring left={share} />}
            <span>{say(`sla.target.${target}`)}</span><b>{clockText(say, state, of, left)}</b>
          </li>
        );
      })}
    </ClockPart>
  );
}

function clockText(say: ReturnType<typeof useWords>, state: ReturnType<typeof standing>['state'], of: Clock, left: number): string {
  if (state === 'done') return say(of.breached ? 'sla.missed' : 'sla.met');
  if (state === 'late') return say('sla.late', { span: span(-left) });
  return state === 'paused' ? say('sla.paused', { span: span(left) }) : span(left);
}

function ClockPart({ children }: { children: ReactNode }) {
  const say = useWords();
  return <section className={css.part} aria-labelledby="d-sla"><div className={css.partHead}><h3 id="d-sla">{say('sla.title')}</h3></div><ul>{children}</ul></section>;
}

function Before({ of: c }: { of: Conversation }) {
  const say = useWords();
  const { data: all } = useQuery({ queryKey: ['contact', c.contact.id, 'conversations'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/conversations', { params: { path: { id: c.contact.id }, query: { limit: 25 } } }))).items });
  const others = all?.filter((x) => x.id !== c.id) ?? [];
  return (
    <section className={css.part} aria-labelledby="d-before">
      <div className={css.partHead}><h3 id="d-before">{say('details.before')}</h3>{others.length > 0 && <span className={parts.help}>{others.length}</span>}</div>
      {others.length === 0 ? <p className={parts.help}>{say('details.none')}</p> : <ConversationLinks of={others} />}
    </section>
  );
}

export function ConversationLinks({ of }: { of: Conversation[] }) {
  const say = useWords();
  return (
    <ul>
      {of.map((x) => (
        <li key={x.id}>
          <Link to={addressOf({ view: 'all', id: x.id })} className={css.before}>
            <Icon of={glyphOf(x)} size="m" /><span>{x.note?.summary || x.preview?.text || say('details.number', { number: x.number })} {x.status !== 'resolved' && <StatusChip of={x} />}</span>
            <time dateTime={x.created_at}>{shortDay(x.created_at)}</time>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Attributes({ of: c, messages }: { of: Conversation; messages: readonly Message[] }) {
  const say = useWords();
  return (
    <section className={css.part} aria-labelledby="d-more">
      <div className={css.partHead}><h3 id="d-more">{say('details.attributes')}</h3></div>
      <dl className={css.facts}>
        <Fact name={say('details.numberName')}><span>{c.number}</span></Fact>
        <Fact name={say('details.since')}><span>{shortDay(c.created_at)}, {clock(c.created_at)}</span></Fact>
        {c.note?.category && <Fact name={say('close.category')}><span>{c.note.category}</span></Fact>}
        {c.note?.summary && <Fact name={say('close.summary')}><span title={c.note.summary}>{c.note.summary}</span></Fact>}
        {c.survey && <Fact name={say('details.survey')}><span title={c.survey.comment}>{c.survey.rating ? say('details.rated', { rating: c.survey.rating }) : say('details.unrated')}{c.survey.comment && ` · ${c.survey.comment}`}</span></Fact>}
        {messages.length === 0 && <Fact name={say('messages')}><span>0</span></Fact>}
      </dl>
    </section>
  );
}
