import { Refusal } from '@relevo/shared/api/desk';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { contrast, normalColor } from '../settings/color';
import { belongs, changedFields, forget, keep, kept, rebase, sentencesFor, troubleOf } from '../settings/draft';
import { bare, taken, type Known } from '../settings/guide';
import { clock, minutesOf, onWorkdays, withSpan, wrongSpan, type Week } from '../settings/hours';
import { directives, originsOf, snippet } from '../settings/inboxes/install';
import { secondsOf, unitOf } from '../settings/inboxes/span';
import { valuesOf, wrongTemplate } from '../settings/inboxes/templates';

const held = new Map<string, string>();
vi.stubGlobal('sessionStorage', { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => held.set(k, v), removeItem: (k: string) => held.delete(k) });

describe('a draft', () => {
  beforeEach(() => held.clear());
  const was = { name: 'Shop', origins: ['https://a.example'], survey: false };

  it('knows the fields that differ, lists too', () => expect(changedFields(was, { ...was, name: 'Store', origins: ['https://b.example'] })).toEqual(['name', 'origins']));
  it('keeps what was typed over what somebody else saved', () => expect(rebase(was, { ...was, name: 'Store' }, { ...was, survey: true })).toEqual({ ...was, name: 'Store', survey: true }));
  it('survives a reload, over the noun as it is then', () => {
    keep('label', was, { ...was, name: 'Store' });
    expect(kept('label', { ...was, survey: true })).toEqual({ ...was, name: 'Store', survey: true });
  });
  it('is gone once it is what stands there, or was thrown away', () => {
    keep('label', was, { ...was, name: 'Store' });
    expect(kept('label', { ...was, name: 'Store' })).toBeUndefined();
    forget('label');
    expect(kept('label', was)).toBeUndefined();
    keep('label', was, { ...was });
    expect(held.size).toBe(0);
  });
});

describe('a refusal', () => {
  it('blames the field that the desk names, and what holds it', () => {
    const trouble = troubleOf(new Refusal('invalid', 400, 'spans must rise', 'hours.1.0'));
    expect([belongs(trouble, 'hours'), belongs(trouble, 'hours.1.0'), belongs(trouble, 'hour'), belongs(undefined, 'hours')]).toEqual([true, true, false, false]);
  });
  it('is said by the nearest sentence that there is', () => {
    expect(sentencesFor('account', { field: 'hours.1.0', kind: 'invalid' })).toEqual(['fault.account.hours.invalid', 'fault.hours.invalid', 'fault.invalid', 'refused.invalid']);
    expect(sentencesFor('label', { kind: 'limited' })).toEqual(['fault.limited', 'refused.limited']);
  });
  it('of too much, and of our own, has a word of its own', () => expect([troubleOf(new Refusal('invalid', 413, '')), troubleOf(new Error('x'))]).toEqual([{ kind: 'tooLarge' }, { kind: 'internal' }]));
});

describe('opening hours', () => {
  const week: Week = [[], [{ from: 540, to: 1080 }], [], [], [], [], []];

  it('are times of the day', () => expect([clock(540), clock(1440), minutesOf('09:05'), minutesOf('00:00'), minutesOf('00:00', true), minutesOf('')]).toEqual(['09:00', '00:00', 545, 0, 1440, undefined]));
  it('rise', () => {
    expect(wrongSpan(week)).toBeUndefined();
    expect(wrongSpan([[], [{ from: 540, to: 720 }, { from: 700, to: 800 }], [], [], [], [], []])).toBe('hours.1.1');
    expect(wrongSpan([[{ from: 540, to: 540 }], [], [], [], [], [], []])).toBe('hours.0.0');
  });
  it('get another opening after the last', () => expect([withSpan([]), withSpan([{ from: 540, to: 720 }])]).toEqual([[{ from: 540, to: 1080 }], [{ from: 540, to: 720 }, { from: 780, to: 960 }]]));
  it('go to all workdays', () => expect(onWorkdays(week, 1).map((d) => d.length)).toEqual([0, 1, 1, 1, 1, 1, 0]));
});

describe('an inbox', () => {
  it('has a line to paste', () => expect(snippet('https://desk.example', { key: 'web', color: '#5b3a2a' })).toBe('<script async src="https://desk.example/widget.js" data-inbox="web" data-color="#5b3a2a"></script>'));
  it('lets a campaign show (B15)', () => expect(snippet('https://desk.example', { key: 'web', color: '', campaign: { enabled: true } })).toBe('<script async src="https://desk.example/widget.js" data-inbox="web" data-campaign></script>'));
  it('leaves out a colour that is none', () => expect(snippet('https://desk.example', { key: 'web', color: 'red' })).not.toContain('data-color'));
  it('says what a strict policy has to allow', () => expect(directives('https://desk.example')).toBe('script-src https://desk.example; frame-src https://desk.example'));
  it('takes sites as people write them', () => expect(originsOf('shop.example/path\n http://localhost:3000 , ://')).toEqual(['https://shop.example', 'http://localhost:3000', '://']));
  it('has a target in a unit of people', () => expect([unitOf(900), unitOf(7200), unitOf(86_400), unitOf(90), secondsOf(2, 'hours'), secondsOf(90, 'days'), secondsOf(NaN, 'days')]).toEqual(['minutes', 'hours', 'days', 'minutes', 7200, 2_592_000, 0]));
  it('has templates with values', () => expect([valuesOf('Hi {{1}}, {{2}}'), valuesOf('Hi')]).toEqual([2, 0]));
  it('has each template once a language', () => {
    const t = { name: 'order_update', language: 'es', body: 'Hola' };
    expect(wrongTemplate([t, { ...t, language: 'en' }])).toBeUndefined();
    expect(wrongTemplate([t, { ...t }])).toEqual({ at: 1, field: 'name' });
    expect(wrongTemplate([{ ...t, name: 'Order update' }])).toEqual({ at: 0, field: 'name' });
    expect(wrongTemplate([{ ...t, body: ' ' }])).toEqual({ at: 0, field: 'body' });
  });
});

describe('a colour', () => {
  it('is written as the desk wants it', () => expect([normalColor('2B5DD7'), normalColor('#fa0'), normalColor(' #5B3A2A '), normalColor('red')]).toEqual(['#2b5dd7', '#ffaa00', '#5b3a2a', 'red']));
  it('is read with white or black, whichever reads: never under AA', () => {
    for (const hex of ['#5b3a2a', '#2b5dd7', '#ffffff', '#000000', '#ffb566', '#767676']) expect(contrast(hex)).toBeGreaterThan(4.5);
    expect(contrast('#ffffff')).toBe(21);
  });
});

describe('the first steps', () => {
  const nothing: Known = { departments: [], inboxes: [], agents: [{ id: 'eva', departments: [] }], canned: [], labels: [], written: false };
  const inbox = { id: 'web', channel: 'webchat', key: 'web' };

  it('begin with nothing', () => expect([taken(nothing), bare(nothing)]).toEqual([[], true]));
  it('need somebody in a department', () => expect(taken({ ...nothing, departments: [{ id: 'd' }], agents: [{ id: 'eva', departments: ['d'] }] })).toEqual(['departments']));
  it('need a message, not only an inbox', () => expect([taken({ ...nothing, inboxes: [inbox] }), taken({ ...nothing, inboxes: [inbox], written: true })]).toEqual([[], ['inbox']]));
  it('do not count what was deleted', () => expect(taken({ ...nothing, written: true, inboxes: [{ ...inbox, deleted: true }], canned: [{ id: 'c', deleted: true }], labels: [{ id: 'l' }] })).toEqual([]));
  it('are four', () => expect(taken({ departments: [{ id: 'd' }], inboxes: [inbox], agents: [{ id: 'eva', departments: ['d'] }, { id: 'leo', departments: [] }], canned: [{ id: 'c' }], labels: [{ id: 'l' }], written: true })).toEqual(['departments', 'inbox', 'team', 'replies']));
});
