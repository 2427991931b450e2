import { h, type ComponentChildren, type VNode } from 'preact';
import { box, late, lost, messages, shown } from './chat';
import { alert, check, checks, clock, icon, sheet } from './icons';
import { byline, why } from './parts';
import { lang, w } from './say';
import { gist, size } from './thread';
import type { Draft, Message } from './wire';
import type { Entry } from '@relevo/shared/live/outbox';

// An agent's HTML becomes part of the page here alone: the desk has cleaned it already, and only known elements are rebuilt,
// as elements, so that no string of HTML is ever put into the page.
const known = /^(B|STRONG|I|EM|U|S|CODE|PRE|P|BR|UL|OL|LI|BLOCKQUOTE)$/;
const address = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/;

const link = (href: string, text: ComponentChildren): VNode => (
  <a href={href} target="_blank">
    {text}
  </a>
);

/** Text in which addresses are links. */
const linked = (text: string): ComponentChildren => text.split(address).map((part, at) => (at % 2 ? link(part, part) : part));

function built(node: Node): ComponentChildren {
  const { nodeName, childNodes } = node, href = (node as HTMLAnchorElement).href;
  if (!childNodes.length && nodeName !== 'BR') return linked(node.textContent!);
  if (nodeName === 'A' && /^(https?|mailto|tel):/.test(href)) return link(href, node.textContent);
  const inside = [...childNodes].map(built);
  return known.test(nodeName) ? h(nodeName.toLowerCase(), null, inside) : inside;
}

/** A message; first and last tell whether it begins and ends its group. */
export function bubble(m: Message, first: boolean, last: boolean): VNode {
  const mine = m.author.kind === 'customer', name = m.author.name;
  const read = (shown()?.read_to ?? '') >= m.id;
  const quoted = messages().find((q) => q.id === m.reply_to);
  return (
    <div class={mine ? 'row mine' : 'row'} key={m.id}>
      {first && name && !mine && byline(name)}
      {quoted && <blockquote class="note">{gist(quoted) || w.deleted}</blockquote>}
      {(m.text || m.deleted_at) && (
        <div class={last ? 'said' : 'said more'}>{m.deleted_at ? <i>{w.deleted}</i> : m.html ? built(new DOMParser().parseFromString(m.html, 'text/html').body) : linked(m.text)}</div>
      )}
      {m.attachments.map((a) => (
        <a class="file" href={a.url!} target="_blank">
          {a.type.startsWith('image/') ? <img src={a.url} alt={a.name} /> : [icon(sheet), a.name, <small>{size(a.size, lang)}</small>]}
        </a>
      ))}
      {last && (
        <p class="note">
          {m.automatic && w.automatic + ' · '}
          {new Date(m.at).toLocaleTimeString(lang, { hour: 'numeric', minute: '2-digit' })}
          {mine && [icon(read ? checks : check, read ? 'i-checks' : ''), <span class="sr">{read ? w.read : w.sent}</span>]}
        </p>
      )}
    </div>
  );
}

/** A message on its way, or refused. */
export function onItsWay({ id, body, refused }: Entry): VNode {
  const { text, attachments } = body as Draft;
  return (
    <div class="row mine" key={id}>
      {text && <p class="said">{text}</p>}
      {attachments?.map((a) => (
        <p class="file">
          {icon(sheet)}
          {a.name}
        </p>
      ))}
      {refused ? (
        <p class="note late">
          {icon(alert)}
          {why(refused.status, w.noSend)}
          <button onClick={() => box.retry(id)}>{w.retry}</button>
          <button onClick={() => box.remove(id)}>{w.discard}</button>
        </p>
      ) : (
        <p class="note">
          {icon(clock)}
          {(lost || late) && why(late, '')}
        </p>
      )}
    </div>
  );
}
