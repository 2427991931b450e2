// Between the marks of the text area (marks.ts) and the document of the rich one.
import type { JSONContent } from '@tiptap/core';
import { htmlOf } from './marks';

/** The text of a document, its marks written out. */
export const textOf = (doc: JSONContent): string => (doc.content ?? []).map(blockText).join('\n');

function blockText(block: JSONContent): string {
  const items = block.content ?? [];
  if (block.type === 'bulletList') return items.map((item) => `- ${itemText(item)}`).join('\n');
  if (block.type === 'orderedList') return items.map((item, i) => `${i + 1}. ${itemText(item)}`).join('\n');
  return items.map(inlineText).join('');
}

const itemText = (item: JSONContent): string => (item.content ?? []).map(blockText).join('\n');

const written: Record<string, (text: string, attrs: Record<string, unknown>) => string> = {
  code: (text) => `\`${text}\``,
  bold: (text) => `**${text}**`,
  italic: (text) => `_${text}_`,
  link: (text, { href }) => (text === href ? text : `[${text}](${href})`),
};

function inlineText(node: JSONContent): string {
  if (node.type === 'hardBreak') return '\n';
  const marks = [...(node.marks ?? [])].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type)); // code stands inside
  return marks.reduce((text, m) => written[m.type]?.(text, m.attrs ?? {}) ?? text, node.text ?? '');
}

const order = ['code', 'italic', 'bold', 'link'];

/** A document for a text, as HTML where it has marks. */
export function docOf(text: string): string | JSONContent {
  return htmlOf(text) ?? { type: 'doc', content: text.split('\n').map((line) => ({ type: 'paragraph', content: inline(line) })) };
}

/** Text within a paragraph. */
export const inline = (text: string): JSONContent[] => text.split('\n').flatMap((line, i) => [...(i > 0 ? [{ type: 'hardBreak' }] : []), ...(line ? [{ type: 'text', text: line }] : [])]);

/** Stands for the caret in a text; from Unicode's private range. */
export const caretSign = '\uE000';

/** The text with a sign where the caret is; at its end, where a sign would break a mark. */
export function withCaret(text: string, at: number): string {
  const signed = text.slice(0, at) + caretSign + text.slice(at);
  const html = htmlOf(signed);
  return html?.replace(caretSign, '') === htmlOf(text) || (html === undefined && htmlOf(text) === undefined) ? signed : text + caretSign;
}

/** True if a document says more than its text: then it is sent as HTML. */
export const hasMarks = (node: JSONContent): boolean =>
  node.type === 'bulletList' || node.type === 'orderedList' || (node.marks?.length ?? 0) > 0 || (node.content ?? []).some(hasMarks);
