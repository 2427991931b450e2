// The list: its views, their numbers, saved views, unread, several at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, customer, fresh, launch, signedIn, stop, talk, until } from './host.mjs';

let browser, page, faults, ana, luis;
const views = () => page.getByRole('navigation', { name: 'Views' });
const total = (name) => views().getByRole('link', { name: new RegExp(`^${name}`) });
const row = (name) => page.locator('li', { has: page.getByText(name, { exact: true }) }).locator('a[data-row]');

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  luis = await agent('luis');
  await luis.presence('connected');
  ({ page, faults } = await signedIn(browser, 'luis'));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B18: numbers beside the views follow what happens', async () => {
  await page.goto(new URL('/conversations/unassigned', page.url()).href);
  const { id } = await talk(undefined, {});
  await total('Unassigned').getByText('1', { exact: true }).waitFor();
  await luis.post(`/v1/conversations/${id}/assign`, { agent: 'luis' });
  await total('Mine').getByText('1', { exact: true }).waitFor();
  await total('Unassigned').getByText('1', { exact: true }).waitFor({ state: 'detached' });
});

test('B52: a row says who, what, and is at most 64 px high', async () => {
  const name = `Rosa ${fresh()}`;
  const visitor = await customer('shop', { name });
  await visitor.write('The pump is loud');
  await row(name).getByText('The pump is loud').waitFor();
  assert.ok((await row(name).boundingBox()).height <= 64);
});

test('B18: under 1200 px every view, label too, is two clicks away, with its number', async () => {
  await page.setViewportSize({ width: 1024, height: 768 });
  const { id } = await talk(undefined, {});
  await ana.post(`/v1/conversations/${id}/labels`, { labels: ['vip'] });
  const menu = page.getByRole('button', { name: 'Change the view' }), label = page.getByRole('menuitem', { name: /^vip/ });
  await until('it is counted', async () => {
    await menu.click();
    if (await label.getByText('1', { exact: true }).isVisible()) return true;
    await page.keyboard.press('Escape');
    return false;
  });
  await label.click();
  await page.waitForURL(/\/conversations\/label\/vip/);
  await page.locator(`[data-row="${id}"]`).waitFor();
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a view is saved, shared, renamed and deleted', async () => {
  await page.goto(new URL('/conversations/all?status=pending&sort=waiting&priority=high', page.url()).href);
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('menuitem', { name: 'Save this view' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Urgent and pending');
  await page.getByRole('checkbox', { name: /Everybody/ }).check();
  await page.keyboard.press('Enter');
  await views().getByRole('link', { name: 'Urgent and pending' }).waitFor();
  const shared = (await ana.get('/v1/views')).items.find((v) => v.name === 'Urgent and pending');
  assert.deepEqual(shared.filter, { view: 'all', status: 'pending', sort: 'waiting', priority: 'high' });
  await page.goto(new URL('/conversations/mine', page.url()).href);
  await views().getByRole('link', { name: 'Urgent and pending' }).click();
  await page.waitForURL(/\/all\?.*priority=high/);
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Hot');
  await page.keyboard.press('Enter');
  await views().getByRole('link', { name: 'Hot' }).waitFor();
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await views().getByRole('link', { name: 'Hot' }).waitFor({ state: 'detached' });
  await until('it is gone', async () => (await ana.get('/v1/views')).items.length === 0);
});

test('u: unread again, for the whole desk', async () => {
  const { id, name } = await talk(page, {});
  await until('it was read', async () => (await luis.get(`/v1/conversations/${id}`)).conversation.unread === 0);
  await page.keyboard.press('u');
  await until('it is unread', async () => (await ana.get(`/v1/conversations/${id}`)).conversation.unread === 1);
  await page.locator('li[data-unread]', { has: page.getByText(name, { exact: true }) }).waitFor();
});

test('several at once: assigned to me', async () => {
  const two = [await talk(undefined, {}), await talk(undefined, {})];
  await page.goto(new URL('/conversations/unassigned', page.url()).href);
  for (const { name } of two) await page.getByRole('checkbox', { name: new RegExp(name) }).check({ force: true });
  await page.getByRole('group', { name: /picked|selected/i }).getByRole('button', { name: 'Assign' }).click();
  await page.getByRole('menuitem', { name: 'Luis Pérez' }).click();
  for (const { id } of two) await until('it is mine', async () => (await luis.get(`/v1/conversations/${id}`)).conversation.assignee === 'luis');
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));
