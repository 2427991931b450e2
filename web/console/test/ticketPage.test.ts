import { describe, expect, it } from 'vitest';
import { after } from '../tickets/page/after';
import { merged, mergedFrom } from '../tickets/page/merged';

const of = (...ids: string[]) => ids.map((id) => ({ id }));

describe('tickets merged into one', () => {
  const change = (to?: string, from?: string) => ({ fields: [{ field: 'tags', to: '3' }, { field: 'merged_from', ...(to ? { to } : {}), ...(from ? { from } : {}) }] });
  it('are those whose merge was not taken back', () => expect(mergedFrom([change('9'), change(undefined, '7'), change('8'), change('7')])).toEqual([8, 9]));
});

describe('proceedings', () => {
  it('stand with the changes, newest first', () => expect(merged(of('5', '2'), false, of('4', '1'), false).map((x) => x.id)).toEqual(['5', '4', '2', '1']));
  it('end where either list was not read further', () => {
    expect(merged(of('9', '5'), true, of('8', '3', '1'), false).map((x) => x.id)).toEqual(['9', '8', '5']);
    expect(merged(of('9', '2'), false, of('8', '6'), true).map((x) => x.id)).toEqual(['9', '8', '6']);
  });
});

describe('the id after another', () => {
  it('is the next that there can be', () => {
    expect(after('06h0a')).toBe('06h0b');
    expect(after('06h09')).toBe('06h0a');
    expect(after('06hvv')).toBe('06i00');
  });
});
