import { beforeEach, describe, expect, it, vi } from 'vitest';

/** As the browser's: what it holds are its own keys. */
class Storage {
  [name: string]: unknown;
  getItem(k: string) { return Object.hasOwn(this, k) ? this[k] as string : null; }
  setItem(k: string, v: string) { this[k] = v; }
  removeItem(k: string) { delete this[k]; }
}
const deleted: string[] = [];
vi.stubGlobal('indexedDB', { deleteDatabase: (name: string) => deleted.push(name) });

/** Another page of the same browser, of an agent's. */
async function tab(agent: string) {
  vi.resetModules();
  const own = await import('../shell/own'), dialogs = await import('../parts/useDraft'), composer = await import('../composer/drafts');
  own.belongsTo(agent);
  return { ...dialogs, ...composer, keepText: composer.keepDraft, keepDraft: dialogs.keepDraft, own: own.own };
}
const typed = (name: string): unknown => JSON.parse((localStorage.getItem(name) ?? '{}')).typed;

beforeEach(() => {
  vi.stubGlobal('localStorage', new Storage());
  vi.stubGlobal('sessionStorage', new Storage());
  deleted.length = 0;
});

describe('what was typed and not sent', () => {
  it('in one tab outlives what another tab of the agent sends in the same conversation', async () => {
    const one = new Storage(), two = new Storage(), { draftOf, keepText } = await tab('ana');
    const at = (tab: Storage) => vi.stubGlobal('sessionStorage', tab);
    at(two);
    keepText('c1', 'message', 'Half an hour of work');
    at(one);
    keepText('c1', 'message', 'ok');
    keepText('c1', 'message', ''); // sent
    expect(draftOf('c1', 'message')).toBe('');
    at(two);
    expect(draftOf('c1', 'message')).toBe('Half an hour of work');
    keepText('c1', 'message', 'Half an hour of work, done');
    at(new Storage()); // both tabs are gone
    expect(draftOf('c1', 'message')).toBe('Half an hour of work, done');
  });
  it('of a dialog survives what another tab types in another dialog', async () => {
    const a = await tab('ana'), b = await tab('ana');
    a.keepDraft('newTicket', { subject: 'A long story' });
    b.keepDraft('transfer.c1', { reason: 'x' });
    a.keepDraft('newTicket', { description: 'It begins' });
    expect([typed(a.own('dialog.newTicket')), typed(a.own('dialog.transfer.c1'))]).toEqual([{ subject: 'A long story', description: 'It begins' }, { reason: 'x' }]);
  });
  it('does not come back once it was sent in another tab', async () => {
    const b = await tab('ana');
    b.keepDraft('transfer.c1', { reason: 'x' });
    const c = await tab('ana');
    b.forgetDraft('transfer.c1');
    c.keepDraft('close.c2', { summary: 'y' });
    expect(localStorage.getItem(b.own('dialog.transfer.c1'))).toBeNull();
  });
  it('goes, the oldest first, when there is too much', async () => {
    const a = await tab('ana');
    vi.useFakeTimers();
    for (let n = 60; n > 0; n--) {
      vi.advanceTimersByTime(1000);
      a.keepDraft(`close.c${n}`, { summary: `${n}` });
    }
    vi.useRealTimers();
    expect([Object.keys(localStorage).length, typed(a.own('dialog.close.c60')), typed(a.own('dialog.close.c1'))]).toEqual([50, undefined, { summary: '1' }]);
  });
  it('is the agent\'s own', async () => {
    const ana = await tab('ana');
    ana.keepText('c1', 'message', 'Half an answer');
    ana.keepDraft('newTicket', { subject: 'Hers' });
    const otto = await tab('otto');
    expect([otto.draftOf('c1', 'message'), typed(otto.own('dialog.newTicket'))]).toEqual(['', undefined]);
    expect((await tab('ana')).draftOf('c1', 'message')).toBe('Half an answer');
  });
  it('when it was nobody\'s is removed unread', async () => {
    for (const name of ['relevo.dialogs', 'relevo.draft.message.c1', 'relevo.language']) localStorage.setItem(name, '"es"');
    await tab('ana');
    expect([Object.keys(localStorage), deleted]).toEqual([['relevo.language'], ['relevo.outbox']]);
  });
});
