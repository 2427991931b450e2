// A ticket's page: classifications and proceedings, each changed in its place, seen by a second person at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, rich, signedIn, stop, talk, until, violations } from './host.mjs';

let browser, page, context, faults, ana, otto, requester;
const headers = (who) => ({ 'Content-Type': 'application/json', Authorization: `Bearer ${who.token}` });
const send = async (who, method, path, body) => {
  const answer = await fetch(address + path, { method, headers: headers(who), body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const stored = async (number) => (await ana.get(`/v1/tickets/${number}?fresh=true&order=newest`));
const patch = async (who, number, fields) => send(who, 'PATCH', `/v1/tickets/${number}`, { version: (await stored(number)).ticket.version, ...fields });
const made = (subject, more = {}) => ana.post('/v1/tickets', { client_id: fresh(), subject, requester, ...more });
const act = (who, number, text, more = {}) => who.post(`/v1/tickets/${number}/actions`, { client_id: fresh(), text, ...more });
const settle = (what, number, ok) => until(what, async () => { const now = await stored(number); return ok(now.ticket, now.actions) && now; });

const open = async (number, on = page) => {
  await on.goto(`${address}/tickets/${number}`);
  await on.locator('#t-log').waitFor();
};
const field = (name, on = page) => on.locator('button[data-field]').filter({ hasText: new RegExp(`^${name}:`) });
const choose = async (name, option) => {
  await field(name).click();
  await page.getByRole('combobox').fill(option);
  await page.keyboard.press('Enter');
  await page.getByRole('combobox').waitFor({ state: 'detached' });
};
const write = async (text) => {
  await rich(page);
  await page.getByRole('textbox', { name: 'New action' }).click();
  await page.keyboard.type(text);
};
const action = (text, on = page) => on.locator('[data-action]', { hasText: text });
const options = async (name) => {
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('menuitem', { name }).click();
};

before(async () => {
  browser = await launch();
  [ana, otto] = [await agent('ana'), await agent('otto')];
  await send(ana, 'PUT', '/v1/settings/tickets', {
    ...(await ana.get('/v1/settings/tickets')), services: [{ id: 'refunds', name: 'Refunds', sector: 'Sales' }, { id: 'repairs', name: 'Repairs', sector: 'Support' }],
    categories: [{ id: 'broken', name: 'Broken on the way' }], justifications: [{ id: 'carrier', name: 'Waits for the carrier', status: 'pending' }], due_by_hand: ['administrator'],
  });
  requester = (await ana.post('/v1/contacts', { client_id: fresh(), name: 'Rosa Fernández', email: `rosa${fresh()}@example.com` })).id;
  ({ page, context, faults } = await signedIn(browser, 'ana', { bypassCSP: false }));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B86, B87, B93 to B101, B103, B104: each classification is changed in its place, by keyboard too', async () => {
  const { number } = await made('The tank is broken');
  await open(number);
  await choose('Type', 'internal');
  await choose('Service', 'repairs');
  await choose('Category', 'broken');
  await choose('Priority', 'urgent');
  await choose('Responsible', 'luis');
  await choose('Status', 'pending');
  await choose('Justification', 'carrier');
  await page.getByRole('button', { name: 'Add a copy' }).click();
  await page.keyboard.type('nobody');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This is no e-mail address').waitFor();
  await page.getByLabel('Add a copy').fill('boss@example.com');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.keyboard.type('refund');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await field('Due').click();
  await page.locator('input[type=datetime-local]').fill('2031-05-04T09:30');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /The tank is broken/ }).click();
  await page.locator('h1 input').fill('The tank leaks');
  await page.keyboard.press('Enter');
  const { ticket } = await settle('all is stored', number, (t) => t.subject === 'The tank leaks' && t.tags.length === 1 && t.due);
  const { type, service, category, priority, responsible, status, justification, cc, tags, due } = ticket;
  assert.deepEqual({ type, service, category, priority, responsible, status, justification, cc, tags, due }, {
    type: 'internal', service: 'repairs', category: 'broken', priority: 'urgent', responsible: 'luis', status: 'pending', justification: 'carrier', cc: ['boss@example.com'], tags: ['refund'],
    due: { at: '2031-05-04T14:30:00.000Z', by: 'hand' },
  });
  await page.getByRole('button', { name: 'Take refund away' }).click();
  await settle('the tag is gone', number, (t) => (t.tags ?? []).length === 0);
  await page.getByRole('button', { name: 'Resolve' }).click();
  await settle('it is resolved', number, (t) => t.status === 'resolved');
});

test('B97, B102: what is switched off is not shown, and a forecast is locked where the role may not set it; a viewer only reads', async () => {
  const { number } = await made('Locked');
  const settings = await ana.get('/v1/settings/tickets');
  await send(ana, 'PUT', '/v1/settings/tickets', { ...settings, disabled: ['category', 'tags'] });
  try {
    const luis = await signedIn(browser, 'luis');
    await open(number, luis.page);
    await field('Service', luis.page).waitFor();
    assert.equal(await luis.page.getByText('Category', { exact: true }).count() + (await luis.page.getByText('Tags', { exact: true }).count()), 0);
    assert.equal(await field('Due', luis.page).count(), 0);
    await luis.context.close();
  } finally {
    await send(ana, 'PUT', '/v1/settings/tickets', settings);
  }
  const vera = await signedIn(browser, 'vera');
  await open(number, vera.page);
  await vera.page.getByText('Rosa Fernández').first().waitFor();
  assert.equal(await vera.page.locator('button[data-field]').count(), 0);
  assert.equal(await vera.page.getByRole('button', { name: 'Add action' }).count(), 0);
  assert.equal(await vera.page.getByRole('button', { name: 'Resolve' }).count(), 0);
  assert.deepEqual(vera.faults, []);
  await vera.context.close();
});

test('who is faster is told, and the field shows what holds; another field is no conflict', async () => {
  const { number } = await made('Both at once');
  await open(number);
  await field('Priority').waitFor();
  let theirs; // what Otto changes while our change is under way
  await page.route(`**/v1/tickets/${number}`, async (route) => {
    const fields = route.request().method() === 'PATCH' && theirs;
    if (fields) {
      theirs = undefined;
      await patch(otto, number, fields);
    }
    await route.continue();
  });
  theirs = { priority: 'low' };
  await choose('Priority', 'urgent');
  await page.getByText('Otto Braun was faster: the field shows what holds now.').waitFor();
  await field('Priority').filter({ hasText: 'Low' }).waitFor();
  theirs = { category: 'broken' };
  await choose('Service', 'refunds');
  await settle('both hold', number, (t) => t.service === 'refunds' && t.category === 'broken');
  await page.unroute(`**/v1/tickets/${number}`);
});

test('B88, B89, B109, B111, B112: public and internal actions, their marks, their earlier text, and the filter', async () => {
  const { number } = await made('Actions', { responsible: 'otto', cc: ['copy@example.com'] });
  await open(number);
  await write('It is ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('urgent');
  await page.keyboard.press('Control+Enter');
  await action('It is urgent').locator('strong', { hasText: 'urgent' }).waitFor();
  await settle('what it set off is marked', number, (_, actions) => actions[0].effects.some((e) => e.kind === 'mail') && actions[0].effects.some((e) => e.kind === 'notified'));
  await action('It is urgent').getByRole('button', { name: 'See more' }).click();
  await page.getByText('Sent by e-mail to copy@example.com').waitFor();
  await page.getByText('Notified Otto Braun').waitFor();
  await page.getByRole('button', { name: 'Internal', exact: true }).first().click();
  await write('Only for uss');
  await page.getByRole('button', { name: 'Add action' }).click();
  await action('Only for uss').and(page.locator('[data-internal]')).waitFor();
  await action('Only for uss').getByRole('button', { name: 'Edit the action' }).click();
  const edited = page.getByRole('textbox', { name: 'Edit the action' });
  await edited.click();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('[data-action]').getByText('Only for us', { exact: true }).waitFor();
  await page.locator('[data-change] q', { hasText: 'Only for uss' }).waitFor();
  const shown = page.getByRole('group', { name: 'Show' });
  await shown.getByRole('button', { name: 'Public' }).click();
  await action('It is urgent').waitFor();
  assert.equal(await page.locator('[data-internal]').count() + (await page.locator('[data-change]').count()), 0);
  await shown.getByRole('button', { name: 'Internal' }).click();
  await action('Only for us').waitFor();
  assert.equal(await action('It is urgent').count(), 0);
  await shown.getByRole('button', { name: 'Changes' }).click();
  await page.locator('[data-change]').first().waitFor();
  assert.equal(await page.locator('[data-action]').count(), 0);
  await patch(ana, number, { type: 'internal' });
  await page.getByRole('group', { name: 'Who sees it' }).getByRole('button', { name: 'Public' }).waitFor({ state: 'detached' });
});

test('a draft survives a reload', async () => {
  const { number } = await made('Draft');
  await open(number);
  await write('half a thought');
  await page.reload();
  await rich(page);
  await page.getByRole('textbox', { name: 'New action' }).getByText('half a thought').waitFor();
});

test('B60, B61, B30: a close leads to the page; the conversation is read there, its notes apart', async () => {
  const { id } = await talk(page, { text: 'It broke' });
  await send(ana, 'POST', `/v1/conversations/${id}/assign`, { agent: 'luis' });
  await ana.post(`/v1/conversations/${id}/messages`, { client_id: fresh(), kind: 'note', text: 'a secret note' });
  await page.getByRole('log').getByText('a secret note').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).first().click();
  await page.getByRole('dialog').getByLabel(/Subject/).fill('From the chat');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/tickets\/\d+$/, { timeout: 40_000 });
  const history = page.locator('[data-action]', { hasText: 'History of the conversation' });
  await history.getByText('It broke').waitFor();
  await history.locator('[data-note]', { hasText: 'a secret note' }).waitFor();
  await page.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'Public' }).click();
  await history.getByText('It broke').waitFor();
  assert.equal(await page.getByText('a secret note').count(), 0);
});

test('B109, B61, B30: among internal actions stand the notes of a conversation alone, and nothing of one without', async () => {
  const closed = async (id) => {
    const { ticket } = await ana.post(`/v1/conversations/${id}/close`, { new_ticket: { client_id: fresh(), subject: 'From the chat' } });
    await settle('the history is there', ticket.number, (t, actions) => actions.length === 1);
    return ticket.number;
  };
  const shown = (kind) => page.getByRole('group', { name: 'Show' }).getByRole('button', { name: kind }).click();
  const [history, pages] = [action('History of the conversation'), '**/v1/conversations/*/messages?*'];
  const { id } = await talk(undefined, { text: 'It leaks' });
  await ana.post(`/v1/conversations/${id}/messages`, { client_id: fresh(), kind: 'note', text: 'whispered' });
  await ana.post(`/v1/conversations/${id}/messages`, { client_id: fresh(), kind: 'message', text: 'We look at it' });
  await open(await closed(id));
  await history.getByText('It leaks').waitFor();
  await shown('Public');
  await history.getByText('It leaks').waitFor();
  assert.equal(await page.getByText('whispered').count(), 0);
  await page.route(pages, (route) => route.continue({ url: route.request().url().replace('limit=30', 'limit=1') })); // the note is pages further up
  await page.reload();
  await shown('Internal');
  await history.and(page.locator('[data-internal]')).locator('[data-note]', { hasText: 'whispered' }).waitFor();
  assert.equal(await page.getByText(/It leaks|We look at it/).count(), 0);
  const { id: plain } = await talk(undefined, { text: 'No secret' });
  await open(await closed(plain));
  await shown('Internal');
  await page.getByText('Nothing of this kind yet.').waitFor();
  await history.waitFor({ state: 'detached' });
  await page.unroute(pages);
});

const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length 43>>stream\nBT /F1 24 Tf 40 100 Td (Guide 4821) Tj ET\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n6 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64');

test('B110: attachments are seen before they are downloaded: a picture, a PDF page by page, another by arrow', async () => {
  const { number } = await made('Files');
  await open(number);
  await write('With files');
  await page.locator('input[type=file]').setInputFiles([{ name: 'guide.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) }, { name: 'tank.png', mimeType: 'image/png', buffer: png }, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
  await page.getByRole('button', { name: 'Add action' }).click();
  await page.getByRole('button', { name: 'guide.pdf' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[data-drawn="1"] canvas').waitFor();
  await dialog.getByRole('button', { name: 'Next page' }).click();
  await dialog.locator('[data-drawn="2"] canvas').waitFor();
  await page.keyboard.press('ArrowRight');
  await dialog.getByRole('img', { name: 'tank.png' }).waitFor();
  await dialog.getByRole('button', { name: 'Next attachment' }).click();
  await dialog.getByText('there is no preview').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('B105, B106: tickets are related, duplicated, merged and deleted', async () => {
  const [{ number }, other] = [await made('Origin'), await made('Another one')];
  await open(number);
  await page.getByRole('button', { name: 'Relate', exact: true }).click();
  await page.getByLabel('This ticket is').selectOption('blocks');
  await page.getByRole('combobox', { name: 'Number or words of the ticket' }).fill(String(other.number));
  await page.getByRole('option', { name: new RegExp(`^${other.number} `) }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-relation="blocks"]', { hasText: 'Another one' }).waitFor();
  await page.getByRole('button', { name: `Take the relation with ${other.number} away` }).click();
  await page.locator('[data-relation]').waitFor({ state: 'detached' });
  await options('Duplicate');
  await page.waitForURL((u) => /\/tickets\/\d+$/.test(u.pathname) && !u.pathname.endsWith(`/${number}`));
  await page.getByRole('heading', { name: /^Origin/ }).waitFor();
  const copy = Number(page.url().split('/').pop());
  await options('Merge');
  await page.getByRole('combobox', { name: 'Number or words of the ticket' }).fill(String(number));
  await page.getByRole('option', { name: new RegExp(`^${number} `) }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
  await page.waitForURL(new RegExp(`/tickets/${number}$`));
  await open(copy);
  await page.getByRole('status').getByRole('link', { name: `Ticket ${number}` }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Add action' }).count(), 0);
  await open(number);
  await options('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/\/tickets$/);
  await page.goto(`${address}/tickets/${number}`);
  await page.getByRole('heading', { name: 'We did not find this ticket' }).waitFor();
});

test('an open page corrects itself: fields, actions, and that it is gone', async () => {
  const { number } = await made('Alive');
  await open(number);
  await rich(page);
  await until('the page is heard of', async () => { // it listens once it shows; the first change may come before
    await patch(otto, number, { subject: `Alive ${fresh()}` });
    const { ticket } = await stored(number);
    return page.getByRole('heading', { name: new RegExp(ticket.subject) }).waitFor({ timeout: 2000 }).then(() => true, () => false);
  });
  await patch(otto, number, { priority: 'high', responsible: 'luis' });
  await field('Priority').filter({ hasText: 'High' }).waitFor();
  await field('Responsible').filter({ hasText: 'Luis' }).waitFor();
  await act(otto, number, 'Done by Otto');
  await action('Done by Otto').waitFor();
  await fetch(`${address}/v1/tickets/${number}`, { method: 'DELETE', headers: headers(ana) });
  await page.getByRole('heading', { name: 'We did not find this ticket' }).waitFor();
});

test('keys: r and n write, e resolves, s renames', async () => {
  const { number } = await made('By keys');
  await open(number);
  await rich(page);
  await page.keyboard.press('n');
  await page.getByRole('group', { name: 'Who sees it' }).getByRole('button', { name: 'Internal', pressed: true }).waitFor();
  await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.locator('h1 input').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('h1 input').waitFor({ state: 'detached' });
  await page.keyboard.press('e');
  await settle('it is resolved', number, (t) => t.status === 'resolved');
});

test('nothing for axe to complain of in either mode, at any width; nothing is wider than 320 px', async () => {
  const { number } = await made('Looks', { cc: ['copy@example.com'], tags: ['one'], priority: 'high', responsible: 'otto' });
  await act(ana, number, 'A long_word_'.repeat(12), { public: true });
  await act(otto, number, 'Internal');
  await patch(ana, number, { due: { at: new Date(Date.now() + 3_600_000).toISOString() } });
  const looks = await signedIn(browser, 'ana', { bypassCSP: true, reducedMotion: 'reduce' });
  for (const width of [1440, 320]) {
    await looks.page.setViewportSize({ width, height: 800 });
    await open(number, looks.page);
    await rich(looks.page);
    await action('Internal', looks.page).getByRole('button', { name: 'See more' }).click();
    if (width === 320) await looks.page.locator('summary', { hasText: 'Classifications' }).click();
    for (const colorScheme of ['light', 'dark']) {
      await looks.page.emulateMedia({ colorScheme });
      assert.deepEqual(await violations(looks.page), [], `${width} ${colorScheme}`);
    }
    assert.equal(await looks.page.evaluate(() => document.querySelector('main').scrollWidth <= innerWidth), true, `${width}`);
  }
  await looks.context.close();
});

test('nothing is written to the console as an error', () => assert.deepEqual(faults, []));
