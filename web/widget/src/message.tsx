import { h, type ComponentChildren } from 'preact';
import type { Ui } from './head';
import { Icon } from './icons';
import { initials } from './thread';
import type { Waiting } from './outbox';
import type { Message } from './wire';

const Note = ({ children, late }: { children: ComponentChildren; late?: boolean }) => <p class={late ? 'note late' : 'note'}>{children}</p>;

/** A message; first and last tell whether it begins and ends its group. */
export function Bubble({ ui, m, first, last }: { ui: Ui; m: Message; first: boolean; last: boolean }) {
  const { chat, w, lang, later } = ui;
  const plain = !m.html && !m.text.includes('://');
  const mine = m.author.kind === 'customer', name = m.author.name;
  const read = mine && (chat.shown?.read_to ?? '') >= m.id;
  const quoted = chat.messages.find((q) => q.id === m.reply_to);
  return (
    <div class={mine ? 'row mine' : 'row'}>
      {first && name && !mine && (
        <p class="note">
          <span class="who" aria-hidden="true">
            {initials(name)}
          </span>
          {name}
        </p>
      )}
      {quoted && <blockquote class="note">{quoted.text}</blockquote>}
      {(m.text || m.deleted_at) && <div class={last ? 'said' : 'said more'}>{m.deleted_at ? <i>{w.deleted}</i> : plain || !later ? m.text : <later.Rich html={m.html} text={m.text} />}</div>}
      {m.attachments.length > 0 && later && <later.Attached m={m} lang={lang} />}
      {last && (
        <Note>
          {m.automatic && `${w.automatic} · `}
          {new Date(m.at).toLocaleTimeString(lang, { hour: 'numeric', minute: '2-digit' })}
          {mine && [<Icon name={read ? 'checks' : 'check'} />, <span class="only-read">{read ? w.read : w.sent}</span>]}
        </Note>
      )}
    </div>
  );
}

/** A message on its way, or refused. */
export const OnItsWay = ({ ui: { chat, w }, m }: { ui: Ui; m: Waiting }) => (
  <div class="row mine">
    {m.text && <p class="said">{m.text}</p>}
    {m.attachments?.map((a) => (
      <p class="file">
        <Icon name="file" />
        {a.name}
      </p>
    ))}
    {m.fault ? (
      <Note late>
        <Icon name="alert" />
        {w.noSend}
        <button onClick={() => chat.box.again(m.client_id)}>{w.retry}</button>
        <button onClick={() => chat.box.drop(m.client_id)}>{w.discard}</button>
      </Note>
    ) : (
      <Note>
        <Icon name="clock" />
        {chat.lost && w.waiting}
      </Note>
    )}
  </div>
);
