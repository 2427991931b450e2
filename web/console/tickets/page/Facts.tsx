// The classifications of a ticket: those that the account uses, each changed in its place (B86, B87, B93 to B102).
import type { Ticket } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Globe, Lock, MessageSquareText } from 'lucide-react';
import type { ReactNode } from 'react';
import { Clocks } from '../../contacts/Details';
import { addressOf } from '../../conversations/place';
import { Customer, Icon, Who } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { alive, data, desk, useAgents } from '../../shell/desk';
import { useWords } from '../../shell/words';
import { PriorityMark } from '../cells';
import { FindContact } from '../FindContact';
import { chosen, useTicketSettings, type TicketChoice, type TicketField } from '../lists';
import { useNames } from '../names';
import { ChipsField } from './ChipsField';
import { Due } from './Due';
import css from './facts.module.css';
import { change } from './opened';
import { At, PickList, type Pickable } from './PickList';

export function Facts({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const s = useTicketSettings();
  const names = useNames();
  const on = (field: TicketField) => !s.disabled.includes(field);
  const none: Pickable = { id: '', text: say('ticketPage.none') };
  const listed = (all: readonly TicketChoice[]): Pickable[] => chosen(all).map((c) => ({ id: c.id, text: c.name, group: c.sector, more: c.sector }));
  const pick = (field: 'service' | 'category' | 'priority', label: string, options: Pickable[], shown: ReactNode) => (
    <PickList label={label} value={t[field] ?? ''} locked={locked} options={[none, ...options]} shown={shown} onPick={(id) => void change(t.number, { [field]: id })} />
  );
  return (
    <>
      <dl className={css.facts}>
        <dt>{say('tickets.requester')}</dt><dd><Requester of={t} locked={locked} /></dd>
        <dt>{say('ticket.responsible')}</dt><dd><Responsible of={t} locked={locked} /></dd>
        {on('type') && t.type && <><dt>{say('tickets.type')}</dt><dd>
          <PickList label={say('tickets.type')} value={t.type} locked={locked} onPick={(id) => void change(t.number, { type: id as 'public' })} shown={<><Icon of={t.type === 'public' ? Globe : Lock} size="m" /><span>{say(`tickets.type.${t.type}`)}</span></>}
            options={[{ id: 'public', text: say('tickets.type.public'), mark: <Icon of={Globe} size="m" /> }, { id: 'internal', text: say('tickets.type.internal'), mark: <Icon of={Lock} size="m" /> }]} /></dd></>}
        {on('service') && <><dt>{say('tickets.service')}</dt><dd>{pick('service', say('tickets.service'), bySector(listed(s.services)), <span>{names.service(t.service) || none.text}</span>)}</dd></>}
        {on('category') && <><dt>{say('tickets.category')}</dt><dd>{pick('category', say('tickets.category'), listed(s.categories), <span>{names.category(t.category) || none.text}</span>)}</dd></>}
        {on('priority') && <><dt>{say('tickets.priority')}</dt><dd>{pick('priority', say('tickets.priority'), chosen(s.priorities).reverse().map((p) => ({ id: p.id, text: names.priority(p.id), mark: <Bars of={p.id} /> })), <>{t.priority && <Bars of={t.priority} />}<span>{names.priority(t.priority) || none.text}</span></>)}</dd></>}
        {on('due') && <><dt>{say('ticketPage.due')}</dt><dd><Due of={t} locked={locked} /></dd></>}
        {on('cc') && <><dt>{say('ticketPage.cc')}</dt><dd><ChipsField of={t.cc ?? []} kind="email" locked={locked} most={20} add={say('ticketPage.addCc')} drop={(address) => say('ticketPage.drop', { what: address })} onChange={(cc) => change(t.number, { cc })} /></dd></>}
        {on('tags') && <><dt>{say('tickets.tags')}</dt><dd><ChipsField of={t.tags ?? []} kind="text" locked={locked} most={20} add={say('ticketPage.addTag')} drop={(tag) => say('ticketPage.drop', { what: tag })} onChange={(tags) => change(t.number, { tags })} /></dd></>}
      </dl>
      {t.contract && <div className={css.contract}><dl className={css.facts}><dt>{say('ticketPage.contract')}</dt><dd><span className={css.plain}>{t.contract}</span></dd></dl><Clocks of={t.clocks} /></div>}
      {t.conversations.length > 0 && (
        <section className={css.part} aria-labelledby="t-talks">
          <h2 id="t-talks">{say('conversations')}</h2>
          <ul>{t.conversations.map((id, i) => <li key={id}><Link className={css.before} to={addressOf({ view: 'all', id })}><Icon of={MessageSquareText} size="m" />{say('ticket.conversation', { n: i + 1 })}</Link></li>)}</ul>
        </section>
      )}
    </>
  );
}

/** The marks of a priority, without its name, which stands beside. */
const Bars = ({ of }: { of: string }) => <span aria-hidden="true"><PriorityMark of={of} /></span>;

/** Services of one sector stand together, in the order of the sectors (B93). */
function bySector(services: Pickable[]): Pickable[] {
  const sectors = [...new Set(services.map((s) => s.group ?? ''))];
  return sectors.flatMap((sector) => services.filter((s) => (s.group ?? '') === sector));
}

function Requester({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const contact = useQuery({ queryKey: ['contact', t.requester], queryFn: () => data(desk.GET('/v1/contacts/{id}', { params: { path: { id: t.requester } } })) }).data;
  const name = contact?.name || contact?.email || t.requester_name || say('contact.nameless');
  return (
    <>
      <At label={say('tickets.requester')} locked={locked} shown={<><Customer name={name} size="s" /><span>{name}</span></>}>
        {(shut) => <FindContact onTaken={(c) => { shut(); if (c.id !== t.requester) void change(t.number, { requester: c.id }); }} />}
      </At>
      <Link to="/contacts/$id" params={{ id: t.requester }} target="_blank" className={parts.textButton}>{say('ticketPage.record')}</Link>
    </>
  );
}

function Responsible({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const agents = useAgents();
  const responsible = agents.find((a) => a.id === t.responsible);
  return (
    <PickList label={say('ticket.responsible')} value={t.responsible ?? ''} locked={locked} onPick={(id) => void change(t.number, { responsible: id })}
      shown={<><Who agent={responsible} size="s" /><span>{responsible?.name ?? say('nobody')}</span></>}
      options={[{ id: '', text: say('nobody') }, ...alive(agents).filter((a) => a.role !== 'viewer').map((a) => ({ id: a.id, text: a.name, mark: <Who agent={a} size="s" /> }))]} />
  );
}
