// Tickets as lists and boards: chosen columns, filters in the address, cards moved by keyboard, pointer and menu, news.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, signedIn, stop, until, violations } from './host.mjs';

let browser, page, context, faults, ana, luis, rosa;
const at = (path) => page.goto(new URL(path, address).href);
const lane = (name) => page.getByRole('region', { name: new RegExp(`^${name}`) });
const card = (t) => page.locator(`li[data-ticket="${t.number}"]`);
const cardIn = (name, t) => lane(name).locator(`li[data-ticket="${t.number}"]`);
const row = (t) => page.locator(`tr[data-ticket="${t.number}"]`);
const told = (text) => page.getByRole('status').getByText(text).first().waitFor({ state: 'attached' });
const ticketNow = async (t) => (await ana.get(`/v1/tickets/${t.number}?fresh=true`)).ticket;

async function ask(method, path, body) {
  const answer = await fetch(address + path, { method, headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ana.token}` }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}
const make = (subject, more = {}) => ask('POST', '/v1/tickets', { client_id: `b-${fresh()}`, subject, requester: rosa.id, ...more });

/** A ticket that its lists know of. */
async function filed(subject, more = {}) {
  const t = await make(subject, more);
  await until('it is listed', async () => (await ana.get(`/v1/tickets?status=${t.status}`)).items.some((x) => x.number === t.number));
  return t;
}

before(async () => {
  browser = await launch();
  [ana, luis] = [await agent('ana'), await agent('luis')];
  rosa = await ask('POST', '/v1/contacts', { client_id: `c-${fresh()}`, name: 'Rosa Fernández' });
  ({ page, context, faults } = await signedIn(browser, 'luis', { bypassCSP: false }));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B85: a card is moved by keyboard, is told of, and keeps the focus', async () => {
  const t = await filed('Mill does not start');
  await at('/tickets/board');
  await cardIn('New', t).getByRole('link').focus();
  await page.keyboard.press(' ');
  await told(`Ticket ${t.number} taken up from New.`);
  await page.keyboard.press('ArrowRight');
  await told('Over In progress.');
  await page.keyboard.press('Escape');
  await told(`Ticket ${t.number} stays in New.`);
  assert.equal((await ticketNow(t)).status, 'new');
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await told('Over Pending.');
  await page.keyboard.press(' ');
  await cardIn('Pending', t).waitFor();
  await told(`Ticket ${t.number} is in Pending now.`);
  assert.equal((await ticketNow(t)).status, 'pending');
  await page.waitForFunction((n) => document.activeElement?.closest('li')?.dataset.ticket === String(n), t.number);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/tickets/${t.number}$`));
});

test('B85: a card is dragged, and taken back by Undo', async () => {
  const t = await filed('Valve leaks');
  await at('/tickets/board');
  await cardIn('New', t).waitFor();
  const from = await card(t).boundingBox();
  const to = await lane('In progress').boundingBox();
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 30, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 });
  await page.locator('[data-lane="in_progress"][data-comes]').waitFor();
  await page.mouse.up();
  await cardIn('In progress', t).waitFor();
  await until('the desk has it', async () => (await ticketNow(t)).status === 'in_progress');
  assert.match(page.url(), /board$/, 'a drag opens nothing');
  await page.getByRole('button', { name: 'Undo' }).click();
  await cardIn('New', t).waitFor();
  await until('it is back', async () => (await ticketNow(t)).status === 'new');
});

test('B85: a board by priority, and a move from the menu of the card', async () => {
  const t = await filed('Wrong invoice', { priority: 'low' });
  await at('/tickets/board?by=priority');
  await cardIn('Low', t).hover();
  await card(t).getByRole('button', { name: `Move ticket ${t.number}` }).click();
  await page.getByRole('menuitem', { name: 'Urgent' }).click();
  await cardIn('Urgent', t).waitFor();
  await until('the desk has it', async () => (await ticketNow(t)).priority === 'urgent');
});

test('B85: what someone else changed meanwhile goes back, and says why', async () => {
  const t = await filed('Two at once');
  await at('/tickets/board');
  await cardIn('New', t).getByRole('link').focus();
  await page.route(`**/v1/tickets/${t.number}`, async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const now = await ticketNow(t);
    await ask('PATCH', `/v1/tickets/${t.number}`, { version: now.version, subject: 'Two at once, and Ana was faster' });
    return route.continue();
  }, { times: 1 });
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByText(`Someone changed ticket ${t.number} meanwhile; it went back to New.`).first().waitFor();
  await cardIn('New', t).getByText('Two at once, and Ana was faster').waitFor();
  assert.equal((await ticketNow(t)).status, 'new');
});

test('B104: a status with justifications asks for one', async () => {
  const s = await ana.get('/v1/tickets/settings');
  await ask('PUT', '/v1/settings/tickets', { ...s, justifications: [{ id: 'carrier', name: 'Waits for the carrier', status: 'pending' }] });
  const t = await filed('Where is it?');
  await at('/tickets/board');
  await cardIn('New', t).getByRole('link').focus();
  for (const key of [' ', 'ArrowRight', 'ArrowRight', ' ']) await page.keyboard.press(key);
  await page.getByRole('dialog').getByRole('radio', { name: 'Waits for the carrier' }).check();
  assert.equal((await ticketNow(t)).status, 'new', 'nothing is moved before it is said');
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
  await cardIn('Pending', t).waitFor();
  await until('the desk has both', async () => { const now = await ticketNow(t); return now.status === 'pending' && now.justification === 'carrier'; });
  await cardIn('Pending', t).getByRole('link').focus();
  for (const key of [' ', 'ArrowRight', ' ']) await page.keyboard.press(key);
  await cardIn('Resolved', t).waitFor();
  await until('it is resolved', async () => (await ticketNow(t)).status === 'resolved');
  await page.locator('[data-tone]', { hasText: 'Resolved' }).getByRole('button', { name: 'Undo' }).click(); // the move before has one, too
  await cardIn('Pending', t).waitFor();
  await until('it is back, with its reason', async () => { const now = await ticketNow(t); return now.status === 'pending' && now.justification === 'carrier'; });
});

test('B85: a move whose answer is lost is looked up: the card stands where the desk has it', async () => {
  const t = await filed('The answer is lost');
  await at('/tickets/board');
  await cardIn('New', t).getByRole('link').focus();
  await page.route(`**/v1/tickets/${t.number}`, async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    await route.fetch(); // the desk did it
    return route.abort();
  });
  for (const key of [' ', 'ArrowRight', ' ']) await page.keyboard.press(key);
  await page.getByText(`The desk did not answer; ticket ${t.number} is in In progress.`).first().waitFor();
  await cardIn('In progress', t).waitFor();
  await page.unroute(`**/v1/tickets/${t.number}`);
  assert.equal((await ticketNow(t)).status, 'in_progress');
});

test('B78: what was found follows what others do', async () => {
  const word = `zarzuela${fresh()}`;
  const t = await filed(`A ${word}`);
  await until('it is in the index', async () => (await ana.get(`/v1/tickets/search?q=${word}`)).items.length > 0);
  await at(`/tickets?q=${word}`);
  await row(t).waitFor();
  await until('the change is heard of', async () => { // it listens once it shows; the first change may come before
    const subject = `A ${word} ${fresh()}`;
    await ask('PATCH', `/v1/tickets/${t.number}`, { version: (await ticketNow(t)).version, subject });
    return row(t).getByText(subject).waitFor({ timeout: 2000 }).then(() => true, () => false);
  });
});

test('B85: a board that is shown follows what others do', async () => {
  await at('/tickets/board');
  await lane('New').waitFor();
  const t = await make('Heard of at once');
  await cardIn('New', t).waitFor();
  await ask('PATCH', `/v1/tickets/${t.number}`, { version: t.version, status: 'resolved' });
  await cardIn('Resolved', t).waitFor();
  assert.equal(await card(t).count(), 1);
});

test('B85: columns are chosen and kept; what narrows stands in the address', async () => {
  const t = await filed('The red one', { tags: ['red'], priority: 'high', responsible: 'luis' });
  const other = await filed('Not red');
  await at('/tickets');
  await row(other).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Tags' }).check();
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Requester' }).uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByRole('columnheader', { name: 'Tags' }).waitFor();
  await page.reload();
  await page.getByRole('columnheader', { name: 'Tags' }).waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'Requester' }).count(), 0);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('dialog').getByLabel('Tag').fill('red');
  await page.getByRole('dialog').getByLabel('Priority').selectOption('high');
  await page.getByRole('dialog').getByLabel('Responsible').selectOption('me');
  await page.getByRole('dialog').getByRole('button', { name: 'Show' }).click();
  await row(other).waitFor({ state: 'detached' });
  await row(t).waitFor();
  assert.match(page.url(), /responsible=me/);
  assert.match(page.url(), /tag=red/);
  await page.reload();
  await row(t).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row(other).waitFor();
});

test('B77, B78: found by number, and by words as they are typed', async () => {
  const t = await filed('Descalcificación pendiente');
  await filed('Something else');
  await until('its words are kept', async () => (await ana.get('/v1/tickets/search?q=descalc')).items.length === 1);
  await at('/tickets');
  await page.getByRole('searchbox', { name: 'Number or words' }).fill('descalc');
  await row(t).waitFor();
  await page.waitForURL(/q=descalc/);
  await until('only that is shown', async () => (await page.locator('tr[data-ticket]').count()) === 1);
  await page.getByRole('searchbox').fill(String(t.number));
  await page.waitForURL(new RegExp(`q=.*${t.number}`));
  await row(t).waitFor();
});

test('B85: a long list is read as one scrolls, and drawn as far as it is seen', async () => {
  await Promise.all(Array.from({ length: 60 }, (_, i) => make(`One of many ${i}`, { tags: ['many'] })));
  await until('all are listed', async () => (await ana.get('/v1/tickets?status=new&tag=many&limit=100')).items.length === 60);
  await at('/tickets?tag=many&sort=oldest');
  await page.locator('tr[data-ticket]').first().waitFor();
  await until('the end is reached', async () => {
    await page.getByRole('group', { name: 'Tickets' }).evaluate((box) => { box.scrollTop = box.scrollHeight; });
    return (await page.getByRole('main').locator('header').innerText()).includes('60\n');
  });
  assert.ok(await page.locator('tr[data-ticket]').count() < 60, 'not all rows are drawn');
});

test('B85: the list in groups; j and o go to a ticket', async () => {
  const t = await filed('In a group', { responsible: '' });
  await at('/tickets?by=responsible');
  const nobody = page.getByRole('rowgroup', { name: 'Nobody' });
  await nobody.locator(`tr[data-ticket="${t.number}"]`).waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-go'));
  await page.keyboard.press('o');
  await page.waitForURL(/\/tickets\/\d+$/);
});

test('B85: a view of tickets is saved with its columns, shared, opened and deleted', async () => {
  const name = `Red ones ${fresh()}`;
  const menu = () => page.getByRole('toolbar').getByRole('button', { name: /Saved views/ });
  const places = () => page.getByRole('navigation', { name: 'Views' });
  await at('/tickets?responsible=me&status=pending&by=priority&columns=number,subject,due');
  await menu().click();
  await page.getByRole('menuitem', { name: 'Save this view' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('checkbox', { name: /Everybody/ }).check();
  await page.keyboard.press('Enter');
  await places().getByRole('link', { name }).waitFor();
  const kept = (await ana.get('/v1/views')).items.find((v) => v.name === name);
  assert.deepEqual(kept.filter, { view: 'tickets', tickets: { status: 'pending', responsible: 'me', by: 'priority', columns: 'number,subject,due' } });
  await at('/tickets/board');
  await places().getByRole('link', { name }).click();
  await page.getByRole('heading', { name }).waitFor();
  await page.getByRole('columnheader', { name: 'Due in' }).waitFor();
  assert.equal(await page.getByRole('columnheader').count(), 3);
  await at('/conversations/mine');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Mine' }).waitFor();
  assert.equal(await page.getByRole('link', { name }).count(), 0, 'it is none of conversations');
  await at('/tickets');
  await places().getByRole('link', { name }).click();
  await page.getByRole('heading', { name }).waitFor();
  await menu().click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await places().getByRole('link', { name }).waitFor({ state: 'detached' });
  await until('it is gone', async () => !(await ana.get('/v1/views')).items.some((v) => v.name === name));
});

test('B92: a new ticket asks for its requester', async () => {
  await at('/tickets');
  await page.getByRole('button', { name: 'New ticket' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Subject').fill('Made here');
  await dialog.getByRole('button', { name: 'Create ticket' }).click();
  await dialog.getByRole('alert').getByText('Choose who asks for it').waitFor();
  await dialog.getByRole('combobox', { name: 'Find a contact' }).fill('rosa');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/\/tickets\/\d+$/);
  const number = Number(page.url().split('/').pop());
  const { ticket } = await ana.get(`/v1/tickets/${number}`);
  assert.equal(ticket.subject, 'Made here');
  assert.equal(ticket.requester, rosa.id);
});

test('one who only reads moves nothing', async () => {
  const vera = await signedIn(browser, 'vera');
  const t = await filed('Hands off');
  await vera.page.goto(new URL('/tickets/board', address).href);
  await vera.page.locator(`li[data-ticket="${t.number}"]`).waitFor();
  assert.equal(await vera.page.getByRole('button', { name: /^Move ticket/ }).count(), 0);
  assert.equal(await vera.page.getByRole('button', { name: 'New ticket' }).count(), 0);
  await vera.context.close();
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1440, 900], [320, 640]]) {
    test(`list, board and new ticket are clean for axe: ${colorScheme}, ${width} px`, async () => {
      const own = await signedIn(browser, 'luis', { bypassCSP: true, colorScheme, viewport: { width, height } });
      for (const path of ['/tickets', '/tickets?by=status', '/tickets/board', '/tickets?q=many']) {
        await own.page.goto(new URL(path, address).href);
        await own.page.locator('[data-ticket]').first().waitFor();
        assert.deepEqual(await violations(own.page), [], path);
        assert.ok(await own.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is no wider than the screen`);
      }
      await own.page.getByRole('button', { name: 'New ticket' }).click();
      await own.page.getByRole('dialog').waitFor();
      assert.deepEqual(await violations(own.page), [], 'new ticket');
      await own.context.close();
    });
  }
}

test('no fault was written to the console', () => assert.deepEqual(faults, []));
