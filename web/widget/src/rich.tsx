// The one place where an agent's HTML becomes part of the page: the desk has cleaned it already, and here only known
// elements are rebuilt, as elements, so that no string of HTML is ever put into the page.
import { h, type ComponentChildren } from 'preact';

const known = /^(B|STRONG|I|EM|U|S|CODE|PRE|P|BR|UL|OL|LI|BLOCKQUOTE)$/;
const address = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/;

const link = (href: string, text: ComponentChildren) => (
  <a href={href} target="_blank" rel="noopener nofollow">
    {text}
  </a>
);

function built(node: Node): ComponentChildren {
  const text = node.textContent ?? '', { nodeName, childNodes } = node, href = (node as HTMLAnchorElement).href;
  if (!childNodes.length && nodeName !== 'BR') return linked(text);
  if (nodeName === 'A' && /^(https?|mailto|tel):/.test(href)) return link(href, text);
  const inside = [...childNodes].map(built);
  return known.test(nodeName) ? h(nodeName.toLowerCase(), null, inside) : inside;
}

/** Text in which addresses are links. */
const linked = (text: string): ComponentChildren => text.split(address).map((part, at) => (at % 2 ? link(part, part) : part));

export const Rich = ({ html, text }: { html?: string | undefined; text: string }) => <div>{html ? built(new DOMParser().parseFromString(html, 'text/html').body) : linked(text)}</div>;
