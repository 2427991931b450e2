// The marks of the plain text area: **bold**, _italic_, `code`, [link](address), lists. What holds none stays plain text.
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (s: string): string => s.replace(/[&<>"]/g, (c) => escapes[c] as string);

const inlineMarks: [RegExp, (...groups: string[]) => string][] = [
  [/`([^`\n]+)`/, (code) => `<code>${code}</code>`],
  [/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/, (text, to) => `<a href="${to}">${inline(text ?? '')}</a>`],
  [/\*\*([^*\n]+)\*\*/, (text) => `<strong>${inline(text ?? '')}</strong>`],
  [/(?<![\p{L}\p{N}_])_([^_\n]+)_(?![\p{L}\p{N}_])/u, (text) => `<em>${inline(text ?? '')}</em>`],
];

function inline(text: string): string {
  let first: { at: number; length: number; html: string } | undefined;
  for (const [mark, html] of inlineMarks) {
    const m = mark.exec(text);
    if (m && (!first || m.index < first.at)) first = { at: m.index, length: m[0].length, html: html(...m.slice(1)) };
  }
  if (!first) return text;
  return text.slice(0, first.at) + first.html + inline(text.slice(first.at + first.length));
}

/** HTML for a text with marks; undefined for a text without. The desk's allow-list has the last word. */
export function htmlOf(text: string): string | undefined {
  const lines = escaped(text).split('\n');
  const out: string[] = [];
  let marked = false;
  for (let i = 0; i < lines.length;) {
    const kind = listKind(lines[i]);
    if (kind) {
      const items: string[] = [];
      while (i < lines.length && listKind(lines[i]) === kind) items.push(`<li>${inline((lines[i++] ?? '').replace(/^\s*(?:[-*]|\d+[.)])\s+/, ''))}</li>`);
      if (kind === 'ul' || items.length > 1) {
        out.push(`<${kind}>${items.join('')}</${kind}>`);
        marked = true;
        continue;
      }
      i -= items.length;
    }
    const line = lines[i++] ?? '';
    const html = inline(line);
    marked ||= html !== line;
    out.push(`<p>${html || '<br>'}</p>`);
  }
  return marked ? out.join('') : undefined;
}

/** HTML as it is sent: lines that follow each other are one paragraph, for a channel of plain text sets paragraphs apart. */
export const joined = (html: string): string => html.replaceAll('<p><br></p>', '<p></p>').replaceAll('</p><p>', '<br>');

function listKind(line: string | undefined): 'ul' | 'ol' | undefined {
  if (line === undefined) return undefined;
  if (/^\s*[-*]\s+\S/.test(line)) return 'ul';
  return /^\s*\d+[.)]\s+\S/.test(line) ? 'ol' : undefined;
}

export interface Edit {
  text: string;
  from: number;
  to: number;
}

/** Puts marks around what is chosen; takes them away if they are there. */
export function wrap({ text, from, to }: Edit, mark: string): Edit {
  const inside = text.slice(from, to);
  const has = text.slice(from - mark.length, from) === mark && text.slice(to, to + mark.length) === mark;
  if (has) return { text: text.slice(0, from - mark.length) + inside + text.slice(to + mark.length), from: from - mark.length, to: to - mark.length };
  return { text: text.slice(0, from) + mark + inside + mark + text.slice(to), from: from + mark.length, to: to + mark.length };
}

/** Makes list items of the chosen lines. */
export function itemize({ text, from, to }: Edit, numbered = false): Edit {
  const begin = text.lastIndexOf('\n', from - 1) + 1;
  const lines = text.slice(begin, to).split('\n').map((l, i) => (numbered ? `${i + 1}. ${l}` : `- ${l}`)).join('\n');
  return { text: text.slice(0, begin) + lines + text.slice(to), from: begin + lines.length, to: begin + lines.length };
}
