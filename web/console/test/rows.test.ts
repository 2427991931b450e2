import type { Conversation } from '@relevo/shared/api/desk';
import { expect, it, vi } from 'vitest';

vi.stubGlobal('localStorage', { getItem: () => null });
const { rowsOf } = await import('../conversations/rows');

const row = (id: string, created_at: string, last_at?: string) => ({ id, status: 'open', created_at, last_at, labels: [] }) as unknown as Conversation;
const items = [row('newest', '2026-11-03'), row('quiet', '2026-11-02', '2026-11-02'), row('lively', '2026-11-01', '2026-11-04')];
const ids = (view: 'all' | 'mine' | 'unassigned' | 'department') => rowsOf(items, [], 'open', 'newest', view).map((c) => c.id);

it('puts what happened last first, in lists that the desk gives by when a conversation came', () => {
  expect(ids('all')).toEqual(['lively', 'newest', 'quiet']);
  expect(ids('department')).toEqual(['lively', 'newest', 'quiet']);
});
it('leaves Mine and queues in their own order', () => {
  expect(ids('mine')).toEqual(['newest', 'quiet', 'lively']);
  expect(ids('unassigned')).toEqual(['newest', 'quiet', 'lively']);
});
