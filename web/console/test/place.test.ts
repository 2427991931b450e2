import { describe, expect, it } from 'vitest';
import { addressOf, placeOf } from '../conversations/place';

describe('places', () => {
  it.each(['/conversations/mine', '/conversations/unassigned/c1', '/conversations/department/sales', '/conversations/label/v%20i%2Fp/c1'])('%s survives', (address) => {
    expect(addressOf(placeOf(address.replace('/conversations/', '')))).toBe(address);
  });
  it('takes what it does not know for mine', () => expect(placeOf('nonsense/x')).toEqual({ view: 'mine', id: 'x' }));
});
