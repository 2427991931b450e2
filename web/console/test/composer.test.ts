import { describe, expect, it } from 'vitest';
import { htmlOf, itemize, joined, wrap } from '../composer/marks';
import { filled, mentionsIn, typedAt } from '../composer/suggest';

describe('marks', () => {
  it('leave plain text plain', () => {
    expect(htmlOf('Hola, ¿2 * 3 < 7 & snake_case_name?')).toBeUndefined();
    expect(htmlOf('1. one line alone is no list')).toBeUndefined();
  });
  it('make what they say', () => {
    expect(htmlOf('a **b** _c_ `d`')).toBe('<p>a <strong>b</strong> <em>c</em> <code>d</code></p>');
    expect(htmlOf('- a\n- b\nc')).toBe('<ul><li>a</li><li>b</li></ul><p>c</p>');
    expect(htmlOf('1. a\n2. b')).toBe('<ol><li>a</li><li>b</li></ol>');
    expect(htmlOf('[here](https://a.example/x)')).toBe('<p><a href="https://a.example/x">here</a></p>');
  });
  it('are sent with lines in one paragraph', () => expect(joined(htmlOf('a\n\n**b**\n- c') ?? '')).toBe('<p>a<br><br><strong>b</strong></p><ul><li>c</li></ul>'));
  it('never let HTML through', () => {
    expect(htmlOf('**<img src=x onerror=alert(1)>**')).toBe('<p><strong>&lt;img src=x onerror=alert(1)&gt;</strong></p>');
    expect(htmlOf('[x](javascript:alert(1))')).toBeUndefined();
  });
  it('come and go around what is chosen', () => {
    const on = wrap({ text: 'one two', from: 4, to: 7 }, '**');
    expect(on).toEqual({ text: 'one **two**', from: 6, to: 9 });
    expect(wrap(on, '**')).toEqual({ text: 'one two', from: 4, to: 7 });
    expect(itemize({ text: 'a\nb', from: 0, to: 3 }).text).toBe('- a\n- b');
  });
});

describe('what is typed at the caret', () => {
  it('finds a sign that begins a word (B28, B31)', () => {
    expect(typedAt('hi /gra', 7, '/')).toEqual({ sign: '/', word: 'gra', at: 3 });
    expect(typedAt('@in', 3, '@')).toEqual({ sign: '@', word: 'in', at: 0 });
    expect(typedAt('a/b', 3, '/')).toBeUndefined();
    expect(typedAt('mail@x', 6, '@')).toBeUndefined();
  });
  it('is filled with the names', () => expect(filled('Hola {name}, soy {{agent.name}}', { contact: 'Carla', agent: 'Ana' })).toBe('Hola Carla, soy Ana'));
  it('mentions those whose names stand there', () => {
    const agents = [{ id: 'ana', name: 'Ana Torres' }, { id: 'otto', name: 'Otto Braun' }];
    expect(mentionsIn('@Ana Torres mire', agents)).toEqual(['ana']);
    expect(mentionsIn('@otto y @anabel', agents)).toEqual(['otto']);
  });
});
