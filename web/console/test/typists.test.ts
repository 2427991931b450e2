import { afterEach, expect, test, vi } from 'vitest';
import { setTyping, typists } from '../shell/typists';

const luis = { kind: 'user', id: 'luis', name: 'Luis' }, customer = { kind: 'customer', id: 'c1', name: 'Marta' };
const inC = () => (typists.get().get('c') ?? []).map((t) => t.name);

afterEach(() => {
  for (const who of [luis, customer]) setTyping('c', who, false);
  vi.useRealTimers();
});

test('B12: who types stays seen while another types too, and ends by himself only', () => {
  setTyping('c', luis, true);
  setTyping('c', customer, true);
  setTyping('c', luis, true);
  expect(inC()).toEqual(['Luis', 'Marta']);
  setTyping('c', { kind: 'customer' }, false);
  expect(inC()).toEqual(['Luis']);
  setTyping('c', luis, false);
  expect(typists.get().has('c')).toBe(false);
});

test('B12: who is not told of again is believed no longer', () => {
  vi.useFakeTimers();
  setTyping('c', luis, true);
  vi.advanceTimersByTime(60_000);
  setTyping('c', customer, true);
  setTyping('c', luis, true);
  vi.advanceTimersByTime(99_000);
  expect(inC()).toEqual(['Luis', 'Marta']);
  vi.advanceTimersByTime(1_000);
  expect(inC()).toEqual([]);
});
