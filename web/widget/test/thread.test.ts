import { describe, expect, it } from 'vitest';
import { addressIn, askingFor, follows, initials, join, place, unreadOf } from '../src/thread';
import type { Conversation, Inbox, Message } from '../src/wire';

export const message = (id: string, more: Partial<Message> = {}): Message => ({
  id, conversation: 'c', author: { kind: 'customer' }, content: 'text', text: id, attachments: [], automatic: false, at: '2026-03-02T14:00:00.000Z', ...more,
});
const inbox: Inbox = { account: 'Tienda', name: 'Web', language: 'es', color: '#5b3a2a', side: 'end', hours: { open: true }, pre_chat_form: false, collect_email: true, survey: true };
const open: Conversation = { id: 'c', status: 'open', created_at: '2026-03-02T14:00:00.000Z' };
const ids = (all: Message[]) => all.map((m) => m.id).join('');

describe('place', () => {
  it('orders by id', () => expect(ids(place([message('a'), message('c')], message('b')))).toBe('abc'));
  it('takes a newer version', () => expect(place([message('a')], message('a', { text: 'edited' }))[0]?.text).toBe('edited'));
  it('lets no echo overtake a newer version', () => {
    const now = [message('a', { text: 'edited' })];
    expect(place(now, message('a'), true)).toBe(now);
  });
});

describe('join', () => {
  it('keeps older pages that adjoin', () => expect(ids(join([message('a'), message('b')], [message('b'), message('c')]))).toBe('abc'));
  it('lets go of what a gap parts', () => expect(ids(join([message('a')], [message('c')]))).toBe('c'));
});

describe('askingFor (B14)', () => {
  const greeting = message('b', { author: { kind: 'system' }, automatic: true });
  const asks = (contact: string, ...all: Message[]) => askingFor(inbox, { name: '', email: contact }, open, all);
  it('asks below the automatic question', () => expect(asks('', message('a'), greeting)).toBe('b'));
  it('goes on asking below an answer of an agent', () => expect(asks('', message('a'), greeting, message('c', { author: { kind: 'agent' } }))).toBe('b'));
  it('never asks when the address is known', () => expect(asks('x@y.co', message('a'), greeting)).toBe(''));
  it('stops when the customer has answered', () => expect(asks('', greeting, message('c'))).toBe(''));
  it('never asks with the form (B16)', () => expect(askingFor({ ...inbox, pre_chat_form: true }, { name: '', email: '' }, open, [greeting])).toBe(''));
});

describe('words of a thread', () => {
  it('finds an address', () => expect(addressIn('claro: Carla.Duarte@example.com.')).toBe('Carla.Duarte@example.com'));
  it('finds none', () => expect(addressIn('ximena@correo y ya')).toBe(''));
  it.each([['Inés Rojas', 'IR'], ['tienda', 'T'], ['Ana María Torres', 'AT'], ['', '']])('abbreviates %s', (name, short) => expect(initials(name)).toBe(short));
  it('groups what follows within five minutes', () => {
    expect(follows(message('a'), message('b', { at: '2026-03-02T14:04:00.000Z' }))).toBe(true);
    expect(follows(message('a'), message('b', { at: '2026-03-02T14:06:00.000Z' }))).toBe(false);
    expect(follows(message('a'), message('b', { author: { kind: 'agent' } }))).toBe(false);
    expect(follows(undefined, message('b'))).toBe(false);
  });
  it('counts what the customer has not read', () => {
    const said = [message('a', { author: { kind: 'agent' } }), message('b'), message('c', { author: { kind: 'agent' } })];
    expect(ids(unreadOf(said, { ...open, customer_read: 'a' }))).toBe('c');
  });
});
