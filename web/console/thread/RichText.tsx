// Text of messages. Plain text stays text, with its addresses as links; what agents wrote with marks came through the
// server's allow-list and is rebuilt here, element by element: no HTML string is ever put into the page.
import { createElement, Fragment, type ReactNode } from 'react';
import css from './thread.module.css';

const allowed = new Set(['P', 'BR', 'B', 'STRONG', 'I', 'EM', 'U', 'S', 'CODE', 'PRE', 'UL', 'OL', 'LI', 'A', 'BLOCKQUOTE']);
const safe = /^(https?:|mailto:|tel:)/i;

export function RichText({ html }: { html: string }) {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  return <div className={css.rich}>{children(body)}</div>;
}

function children(of: Node): ReactNode[] {
  return [...of.childNodes].map((node, key) => <Fragment key={key}>{rebuilt(node)}</Fragment>);
}

function rebuilt(node: Node): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof HTMLElement)) return null;
  const inside = children(node);
  if (!allowed.has(node.tagName)) return inside;
  if (node.tagName === 'BR') return <br />;
  if (node.tagName === 'A') {
    const href = node.getAttribute('href') ?? '';
    return safe.test(href) ? <a href={href} target="_blank" rel="noopener noreferrer nofollow">{inside}</a> : inside;
  }
  return createElement(node.tagName.toLowerCase(), null, ...inside);
}

const address = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

/** Plain text, with addresses as links and the names of those mentioned marked. */
export function PlainText({ text, names = [] }: { text: string; names?: readonly string[] }) {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    parts.push(...marked(text.slice(from, match.index), names, from), <a key={match.index} className={css.link} href={match[0]} target="_blank" rel="noopener noreferrer nofollow">{match[0]}</a>);
    from = match.index + match[0].length;
  }
  return <>{parts}{marked(text.slice(from), names, from)}</>;
}

function marked(text: string, names: readonly string[], at: number): ReactNode[] {
  const wanted = names.filter(Boolean).map((n) => `@${n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
  if (wanted.length === 0) return [text];
  return text.split(new RegExp(`(${wanted.join('|')})`, 'g')).map((part, i) => (i % 2 ? <span key={`${at}-${i}`} className={css.mention}>{part}</span> : part));
}
