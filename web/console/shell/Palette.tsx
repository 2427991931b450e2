// Ctrl+K: every act and place, and the conversations that are known.
import type { Conversation, ConversationPage } from '@relevo/shared/api/desk';
import type { InfiniteData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { AlarmClock, ArrowRightLeft, Bell, BellOff, Check, ContactRound, FileText, FolderOpen, Hourglass, Keyboard, MailOpen, Reply, RotateCcw, SquareKanban, StickyNote, Tag, Ticket, UserRound, UserRoundMinus, UserRoundPlus, UsersRound, type LucideIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { act } from '../conversations/acts';
import { nameOfContact } from '../conversations/overlaid';
import { findConversation } from '../conversations/cache';
import { addressOf, placeOf, views } from '../conversations/place';
import { glyphOf } from '../conversations/Row';
import { useNouns } from '../conversations/useList';
import { viewIcons } from '../conversations/Views';
import { useFoundContacts } from '../contacts/find';
import { Choices, type Option } from '../parts/Choices';
import { Dialog } from '../parts/Dialog';
import { Key as KeyCap } from '../parts/parts';
import picks from '../parts/choices.module.css';
import look from './scenes.module.css';
import { pages } from '../settings/pages';
import { cache, useMe } from './desk';
import { press } from './keys';
import { open, shut, type Scene } from './stage';
import { useWords, type Key } from './words';

type Command = Option & { run(): void };

export default function Palette() {
  const say = useWords();
  const [typed, type] = useState('');
  const commands = [...useActs(), ...usePlaces(), ...useKnown(), ...usePeople(typed)];
  const number = Number(typed.trim().replace('#', ''));
  const go = useNavigate();
  if (number > 0) commands.unshift({ id: 'number', text: typed, icon: Ticket, view: <span>{say('palette.ticket', { number })}</span>, run: () => void go({ to: '/tickets/$number', params: { number: String(number) } }) });
  return (
    <Dialog title={say('palette')} wide bare>
      <div className={look.palette}>
        <Choices label={say('palette.hint')} options={commands} typed={typed} onTyped={type} empty={say('nothingFound')} large
          onTaken={(id) => { shut(); commands.find((c) => c.id === id)?.run(); }} />
      </div>
    </Dialog>
  );
}

function useActs(): Command[] {
  const say = useWords();
  const id = placeOf(location.pathname.replace(/^\/conversations\/?/, '')).id;
  const viewer = useMe().agent.role === 'viewer';
  const c = id && location.pathname.startsWith('/conversations') ? findConversation(id) : undefined;
  if (!c) return [];
  const group = say('palette.with', { name: nameOfContact(c) });
  const scene = (kind: Extract<Scene, { conversation: string }>['kind']) => () => open({ kind, conversation: c.id });
  const all: [NonNullable<Conversation['allowed']>[number], LucideIcon, string, () => void][] = [
    ['reply', Reply, 'r', () => press('r')], ['note', StickyNote, 'n', () => press('n')],
    ['accept', Check, '', () => void act(c.id, 'accept')], ['transfer', ArrowRightLeft, 't', scene('transfer')], ['assign', UserRoundPlus, 'a', scene('assign')], ['unassign', UserRoundMinus, '', () => void act(c.id, 'unassign')], ['snooze', AlarmClock, 'z', scene('snooze')],
    ['label', Tag, 'l', scene('labels')], ['close', Check, 'e', scene('close')], ['transcript', FileText, '', scene('transcript')], ['pending', Hourglass, '', () => void act(c.id, 'pending')],
    ['open', FolderOpen, '', () => void act(c.id, 'open')], ['reopen', RotateCcw, '', () => void act(c.id, 'reopen')], ['mute', BellOff, '', () => void act(c.id, 'mute')], ['unmute', Bell, '', () => void act(c.id, 'unmute')],
    ['ticket', Ticket, '', scene('link')],
  ];
  const words: Partial<Record<typeof all[number][0], Key>> = { reply: 'reply', note: 'note.private', ticket: 'ticket.link' };
  const unread: Command[] = viewer ? [] : [command('act-unread', say('act.unread'), MailOpen, group, 'u', () => press('u'))];
  return [...all.filter(([name]) => c.allowed?.includes(name)).map(([name, icon, key, run]) => command(`act-${name}`, say(words[name] ?? `act.${name as 'close'}`), icon, group, key, run)), ...unread];
}

function command(id: string, text: string, icon: LucideIcon, group: string, key: string, run: () => void): Command {
  return { id, text, icon, group, run, view: <><span>{text}</span>{key && <span className={picks.choiceEnd}><KeyCap>{key}</KeyCap></span>}</> };
}
function usePlaces(): Command[] {
  const say = useWords();
  const go = useNavigate();
  const [{ all: departments }, { all: inboxes }, { all: labels }] = useNouns();
  const group = say('palette.go');
  const administers = useMe().agent.role === 'administrator';
  const place = (text: string, icon: LucideIcon, to: string): Command => ({ id: to, text, icon, group, run: () => void go({ to }), view: <span>{text}</span> });
  return [
    ...views.map((view) => place(say(`view.${view}`), viewIcons[view], addressOf({ view }))),
    ...departments.map((d) => place(`${say('department')}: ${d.name}`, UsersRound, addressOf({ view: 'department', key: d.id }))),
    ...inboxes.map((b) => place(`${say('inbox')}: ${b.name}`, glyphOf(b), addressOf({ view: 'inbox', key: b.id }))),
    ...labels.map((l) => place(`${say('label')}: ${l.name}`, Tag, addressOf({ view: 'label', key: l.id }))),
    place(say('tickets'), Ticket, '/tickets'), place(say('palette.board'), SquareKanban, '/tickets/board'), place(say('contacts'), ContactRound, '/contacts'), ...pages.filter((p) => p.open || administers).map((p) => place(`${say('settings')}: ${say(p.title)}`, p.icon, `/settings/${p.path}`)),
    { id: 'keys', text: say('keys.title'), icon: Keyboard, group, run: () => open({ kind: 'shortcuts' }), view: <><span>{say('keys.title')}</span><span className={picks.choiceEnd}><KeyCap>?</KeyCap></span></> },
  ];
}

function useKnown(): Command[] {
  const say = useWords();
  const go = useNavigate();
  const group = say('conversations');
  return useMemo(() => {
    const rows = new Map<string, Conversation>();
    for (const [, pages] of cache.getQueriesData<InfiniteData<ConversationPage>>({ queryKey: ['list'] })) for (const c of pages?.pages.flatMap((p) => p.items) ?? []) rows.set(c.id, c);
    return [...rows.values()].slice(0, 100).map((c): Command => ({
      id: c.id, text: nameOfContact(c), more: `${c.preview?.text ?? ''} ${c.contact.email ?? ''} ${c.number}`, icon: glyphOf(c), group,
      run: () => void go({ to: addressOf({ view: 'all', id: c.id }) }), view: <span className={picks.two}><span>{nameOfContact(c)}</span><small>{c.preview?.text}</small></span>,
    }));
  }, [go, group]);
}

/** The contacts that the desk finds by what is typed; without a word none. */
function usePeople(typed: string): Command[] {
  const say = useWords();
  const go = useNavigate();
  const { contacts, fits } = useFoundContacts(typed);
  const group = say('contacts');
  if (typed.trim().length < 2) return [];
  return contacts.map((c): Command => ({
    id: `contact-${c.id}`, text: c.name || c.email || say('contact.nameless'), more: `${c.email ?? ''} ${c.phone ?? ''}`, sure: fits(c), icon: UserRound, group,
    run: () => void go({ to: '/contacts/$id', params: { id: c.id } }), view: <span className={picks.two}><span>{c.name || c.email || say('contact.nameless')}</span><small>{[c.name && c.email, c.phone].filter(Boolean).join(' · ')}</small></span>,
  }));
}
