// The way in for who has written before: a new conversation, or the one that goes on, and the earlier ones (B21).
import { h, type VNode } from 'preact';
import { contact, going, inbox, talks, unread, visit } from './chat';
import { icon, right } from './icons';
import { day, head } from './parts';
import { say, w } from './say';

export function home(): VNode[] {
  const name = contact.name.split(' ')[0], open = going();
  return [
    head(),
    <div class="body">
      <h2 class="hello">{name ? say(w.helloName, name) : w.hello}</h2>
      <button class="button brand start" data-focus onClick={() => visit(open)}>
        {open ? w.resume : w.start}
        {icon(right)}
      </button>
      {inbox!.portal && (
        <button class="button start" onClick={() => import('./portal/tickets').then((found) => found.open())}>
          {w.tickets}
          {icon(right)}
        </button>
      )}
      <nav class="past" aria-label={w.talks}>
        <p>{talks[0] && w.talks}</p>
        {talks.map((c) => (
          <button key={c.id} onClick={() => visit(c.id)}>
            <span>
              {say(w.talk, day(c.created_at))}
              <small>{c.preview && say(c.preview.by === 'customer' ? w.you : '{}', c.preview.text || w.deleted)}</small>
            </span>
            {c === talks[0] && unread() > 0 ? <b aria-label={say(w.unread, unread())}>{unread()}</b> : <small>{c.status === 'open' ? w.isOpen : w.isClosed}</small>}
          </button>
        ))}
      </nav>
    </div>,
  ];
}
