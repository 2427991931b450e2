import { Link, useLocation } from '@tanstack/react-router';
import { Bell, ContactRound, Inbox, Settings, Ticket, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Menu, type Items } from '../parts/Menu';
import { Icon, OnlyRead, Who } from '../parts/parts';
import { cache, data, desk, meQuery, useMe, useNotifications } from './desk';
import { signOut } from './session';
import css from './shell.module.css';
import { complain } from './toasts';
import { allWords, useWords } from './words';

const GuideMark = lazy(() => allWords().then(() => import('../settings/GuideMark')));
const Notices = lazy(() => allWords().then(() => import('./Notices')));
const places: [string, string, LucideIcon][] = [['/conversations', 'conversations', Inbox], ['/tickets', 'tickets', Ticket], ['/contacts', 'contacts', ContactRound], ['/settings', 'settings', Settings]];
const presences = ['connected', 'pre_pause', 'pause', 'disconnected'] as const;

/** Where to, the bell, and who one is. */
export function Rail() {
  const say = useWords();
  const at = useLocation({ select: (l) => l.pathname });
  const [told, tell] = useState(false);
  const me = useMe();
  const unread = useNotifications().filter((n) => !n.read).length;
  return (
    <>
      <nav className={css.rail} aria-label={say('main')}>
        <Link to="/" className={css.mark} aria-label={say('home')}><Mark /></Link>
        <ul>
          {places.map(([to, name, icon]) => (
            <li key={to}><Link to={to} className={css.railGo} title={say(name as 'tickets')} aria-label={say(name as 'tickets')} aria-current={at.startsWith(`/${to.split('/')[1]}`) ? 'page' : undefined}><Icon of={icon} /></Link></li>
          ))}
        </ul>
        <div className={css.railFoot}>
          {me.agent.role === 'administrator' && !me.account.guide_done && <Suspense fallback={null}><GuideMark /></Suspense>}
          <button type="button" className={css.railGo} title={say('notices')} aria-label={unread > 0 ? say('notices.unread', { count: unread }) : say('notices')} aria-expanded={told} onClick={() => tell(!told)}>
            <Icon of={Bell} />{unread > 0 && <span className={css.dot} />}
          </button>
          <MeButton />
        </div>
      </nav>
      {told && <Suspense fallback={null}><Notices onClose={() => tell(false)} /></Suspense>}
    </>
  );
}

export const Mark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="4.5" strokeLinecap="round"><path d="M5 17 11 7" /><path d="M13 17 19 7" opacity=".45" /></svg>
);

function MeButton() {
  const say = useWords();
  const { agent, seat } = useMe();
  const choose = (presence: (typeof presences)[number]) => () => {
    const was = cache.getQueryData(meQuery.queryKey);
    cache.setQueryData(meQuery.queryKey, (me) => me && { ...me, seat: { ...me.seat, presence, chosen: presence } });
    void data(desk.PUT('/v1/me/presence', { body: { presence } })).then(
      (now) => cache.setQueryData(meQuery.queryKey, (me) => me && { ...me, seat: now }),
      (cause: unknown) => { cache.setQueryData(meQuery.queryKey, was); complain(cause); },
    );
  };
  const items = (): Items => [
    { head: `${agent.name} · ${say(`role.${agent.role}`)}` },
    ...(agent.role === 'viewer' ? [] : presences.map((p) => ({ text: say(`presence.${p}`), checked: seat.chosen === p, run: choose(p) }))),
    'rule',
    { text: say('signOut'), run: () => void signOut() },
  ];
  const text = say('me.state', { presence: say(`presence.${seat.presence}`), load: seat.load, capacity: seat.capacity });
  return (
    <Menu label={say('me.presence')} items={items}>
      <button type="button" className={css.me} title={text}>
        <Who agent={agent} size="m" presence={seat.presence} /><OnlyRead>{agent.name}, {text}</OnlyRead><span className={css.load} aria-hidden="true">{seat.load}/{seat.capacity}</span>
      </button>
    </Menu>
  );
}
