import { describe, expect, it } from 'vitest';
import { filterOf, goingTo, isHere } from '../conversations/saved';

describe('a saved view', () => {
  it.each([
    [{ view: 'mine' as const }, {}],
    [{ view: 'unassigned' as const }, { status: 'pending' as const }],
    [{ view: 'department' as const, key: 'sales' }, { sort: 'waiting' as const, priority: 'urgent' as const }],
    [{ view: 'label' as const, key: 'vip' }, { status: 'snoozed' as const }],
  ])('leads to the place that it was made of: %o', (place, search) => {
    const filter = filterOf(place, search);
    expect(goingTo({ filter })).toEqual({ place, search });
    expect(isHere({ filter }, { ...place, id: 'c1' }, search)).toBe(true);
  });
  it('is another with another order', () => expect(isHere({ filter: { view: 'mine' } }, { view: 'mine' }, { sort: 'waiting' })).toBe(false));
});
