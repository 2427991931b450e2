import { Link } from '@tanstack/react-router';
import { ArrowRightLeft, AtSign, CircleAlert, Ticket as TicketIcon, UserRoundPlus, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { when } from '../parts/time';
import { cache, desk, notificationsQuery, useNotifications } from './desk';
import { noticeText } from './notices';
import list from './notices.module.css';
import { complain } from './toasts';
import { useWords } from './words';

const icons = { assigned: UserRoundPlus, transferred: ArrowRightLeft, mention: AtSign, breach: CircleAlert, warning: CircleAlert, ticket: TicketIcon, ticket_action: TicketIcon };

/** The bell's list. */
export default function Notices({ onClose }: { onClose(): void }) {
  const say = useWords();
  const all = useNotifications();
  const box = useRef<HTMLElement>(null);
  const unread = all.filter((n) => !n.read).length;
  useEffect(() => {
    box.current?.focus();
    const away = (e: PointerEvent) => { if (e.target instanceof Node && !box.current?.contains(e.target) && !(e.target instanceof Element && e.target.closest('[aria-expanded=true]'))) onClose(); };
    const key = (e: KeyboardEvent) => { if (e.key === 'Escape') onClose(); };
    addEventListener('pointerdown', away);
    addEventListener('keydown', key);
    return () => { removeEventListener('pointerdown', away); removeEventListener('keydown', key); };
  }, [onClose]);
  const readAll = () => {
    const newest = all[0];
    if (!newest) return;
    cache.setQueryData(notificationsQuery.queryKey, (now) => now?.map((n) => ({ ...n, read: true })));
    desk.POST('/v1/notifications/read', { body: { up_to: newest.id } }).catch(complain);
  };
  return (
    <section className={join(parts.float, list.notices)} role="dialog" aria-label={say('notices')} ref={box} tabIndex={-1}>
      <header className={list.noticesHead}>
        <h3>{say('notices')}</h3>{unread > 0 && <span className={parts.count}>{unread}</span>}
        <span /><Button disabled={unread === 0} onClick={readAll}>{say('notices.readAll')}</Button><Button icon={X} name={say('dialog.shut')} onClick={onClose} />
      </header>
      <ul className={list.noticesList}>
        {all.map((n) => (
          <li key={n.id}>
            <Link {...(n.ticket ? { to: '/tickets/$number', params: { number: String(n.ticket) } } : { to: '/conversations/$', params: { _splat: `${n.kind === 'mention' ? 'mentions' : n.kind === 'breach' || n.kind === 'warning' ? 'all' : 'mine'}/${n.conversation}` } })} className={list.notice} data-kind={n.kind} onClick={onClose}>
              <Icon of={icons[n.kind]} /><span>{noticeText(n.kind, n)}<small>{[n.text, n.at && when(n.at)].filter(Boolean).join(' · ')}</small></span>{!n.read && <span className={list.unread} />}
            </Link>
          </li>
        ))}
      </ul>
      {all.length === 0 && <p className={parts.help} style={{ padding: 16 }}>{say('notices.none')}</p>}
    </section>
  );
}
