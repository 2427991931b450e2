import { describe, expect, it } from 'vitest';
import en from '../src/words/en.json';
import es from '../src/words/es.json';
import pt from '../src/words/pt.json';

describe.each([['es', es], ['pt', pt]] as const)('%s', (_, words) => {
  it('is complete', () => expect(Object.keys(words)).toEqual(Object.keys(en)));
  it('is filled in', () => {
    for (const [key, text] of Object.entries(words)) {
      expect(text, key).not.toBe('');
      expect(text.includes('{}'), key).toBe(en[key as keyof typeof en].includes('{}'));
    }
  });
});
