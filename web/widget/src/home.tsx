// The way in for who has written before: a new conversation, or the one that goes on, and the earlier ones (B21).
import { Fragment, h } from 'preact';
import { day, Head, type Ui } from './head';
import { Icon } from './icons';
import { say } from './say';

export function Home({ ui }: { ui: Ui }) {
  const { chat, w, lang } = ui;
  const name = chat.contact.name.split(' ')[0];
  const open = chat.going;
  return (
    <>
      <Head ui={ui} title={chat.inbox!.account} sub={w.here} />
      <div class="body">
        <h2 class="hello">{name ? say(w.helloName, name) : w.hello}</h2>
        <button class="button brand start" data-focus onClick={() => chat.visit(open)}>
          {open ? w.resume : w.start}
          <Icon name="right" />
        </button>
        <nav class="past" aria-label={w.talks}>
          <p>{w.talks}</p>
          {chat.talks.map((c) => (
            <button key={c.id} onClick={() => chat.visit(c.id)}>
              <span>
                {say(w.talk, day(c.created_at, lang))}
                <small>{c.preview && (c.preview.by === 'customer' ? say(w.you, c.preview.text) : c.preview.text)}</small>
              </span>
              {c === chat.talks[0] && chat.unread > 0 ? <b aria-label={say(w.unread, chat.unread)}>{chat.unread}</b> : <small>{c.status === 'open' ? w.isOpen : w.isClosed}</small>}
            </button>
          ))}
        </nav>
      </div>
    </>
  );
}
