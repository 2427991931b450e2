// What is kept of a conversation when an answer and news of it cross.
import type { Message, OpenedConversation } from '@relevo/shared/api/desk';
import { describe, expect, it } from 'vitest';
import { joined } from '../conversations/cache';

function opened(version: number, ids: string, more = false): OpenedConversation {
  const messages = [...ids].map((id) => ({ id, text: `${id} of ${version}` }) as Message);
  return { conversation: { id: 'c', version, allowed: [`of ${version}`] }, messages, more } as unknown as OpenedConversation;
}
const ids = (o: OpenedConversation) => o.messages.map((m) => m.id).join('');

describe('an answer that comes late', () => {
  it('does not take away what was told while it was under way', () => {
    const now = joined(opened(3, 'abc'), opened(2, 'ab'));
    expect(ids(now)).toBe('abc');
    expect(now.conversation.version).toBe(3);
    expect(now.conversation.allowed).toEqual(['of 2']); // only an answer says what one may do
    expect(now.messages[0]?.text).toBe('a of 2');
  });
  it('keeps the older pages that it continues', () => {
    const now = joined(opened(2, 'abcd', true), opened(2, 'cde', true));
    expect(ids(now)).toBe('abcde');
    expect(now.more).toBe(true);
  });
  it('begins anew after a gap', () => {
    expect(ids(joined(opened(1, 'ab'), opened(2, 'def', true)))).toBe('def');
  });
  it('is all there is at first', () => expect(ids(joined(undefined, opened(1, 'ab')))).toBe('ab'));
});
