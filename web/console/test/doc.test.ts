import { describe, expect, it } from 'vitest';
import { caretSign, docOf, hasMarks, inline, textOf, withCaret } from '../composer/doc';

const text = (s: string, ...marks: string[]) => ({ type: 'text', text: s, ...(marks.length > 0 ? { marks: marks.map((type) => ({ type, attrs: type === 'link' ? { href: 'https://a.example/x' } : {} })) } : {}) });
const p = (...content: object[]) => ({ type: 'paragraph', content });
const list = (type: string, ...items: string[]) => ({ type, content: items.map((i) => ({ type: 'listItem', content: [p(text(i))] })) });

describe('a document', () => {
  it('gives its text with the marks written out', () => {
    expect(textOf({ type: 'doc', content: [p(text('a '), text('b', 'bold'), text(' '), text('c', 'italic'), text('d', 'code')), { type: 'paragraph' }, p(text('here', 'link'))] }))
      .toBe('a **b** _c_`d`\n\n[here](https://a.example/x)');
    expect(textOf({ type: 'doc', content: [list('bulletList', 'a', 'b'), list('orderedList', 'c', 'd')] })).toBe('- a\n- b\n1. c\n2. d');
    expect(textOf({ type: 'doc', content: [p(text('b', 'bold', 'code'), { type: 'hardBreak' }, text('x', 'italic', 'link'))] })).toBe('**`b`**\n[_x_](https://a.example/x)');
  });
  it('is made of plain text line by line, of marked text as HTML', () => {
    expect(docOf('a  b\n')).toEqual({ type: 'doc', content: [p(text('a  b')), p()] });
    expect(docOf('**a**')).toBe('<p><strong>a</strong></p>');
    expect(inline('a\n\nb')).toEqual([text('a'), { type: 'hardBreak' }, { type: 'hardBreak' }, text('b')]);
  });
  it('says if it holds marks', () => {
    expect(hasMarks({ type: 'doc', content: [p(text('a'))] })).toBe(false);
    expect(hasMarks({ type: 'doc', content: [list('bulletList', 'a')] })).toBe(true);
    expect(hasMarks({ type: 'doc', content: [p(text('a', 'bold'))] })).toBe(true);
  });
});

describe('the caret', () => {
  it('stands where it stood', () => {
    expect(withCaret('hola', 2)).toBe(`ho${caretSign}la`);
    expect(withCaret('a **bc**', 5)).toBe(`a **b${caretSign}c**`);
    expect(withCaret('hola', Infinity)).toBe(`hola${caretSign}`);
  });
  it('goes to the end where it would break a mark', () => expect(withCaret('a **b**', 3)).toBe(`a **b**${caretSign}`));
});
