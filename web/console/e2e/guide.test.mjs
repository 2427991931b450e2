// An empty desk and its first administrator: the guide leads from nothing to the first message.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk } from '../../widget/flows/desk.mjs';
import { launch, listen, stop } from './host.mjs';

let browser, desk, page, faults;
const button = (name) => page.getByRole('button', { name, exact: true });
const step = (name) => page.locator('ol > li', { has: page.getByRole('heading', { name }) });
const taken = (name) => step(name).getByText('Done').waitFor({ state: 'attached' });

before(async () => {
  desk = await startDesk({ account: ['-email', 'eva@new.test', '-person', 'Eva Luna', '-name', 'Nueva'] });
  browser = await launch();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })).newPage();
  page.setDefaultTimeout(30_000);
  faults = listen(page);
  await page.goto(desk.url);
  await page.locator('main button').click();
  await page.getByRole('button', { name: /eva@new.test/ }).click();
});

after(async () => {
  await browser?.close();
  await desk?.stop();
  await stop();
});

test('the administrator of an empty desk begins with the first steps', async () => {
  await page.waitForURL(/settings\/start$/);
  await page.getByText('Hello Eva. Four steps, and Nueva answers its customers.').waitFor();
  assert.equal(await page.locator('ol > li[data-done]').count(), 0);
});

test('1: a department with somebody in it', async () => {
  await page.getByRole('link', { name: 'Add a department' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Support');
  await page.getByLabel(/Eva Luna/).check();
  await button('Add department').click();
  await page.getByText('1 agent').waitFor();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'First steps' }).click();
  await taken('Departments and opening hours');
});

test('2: an inbox, its line, and the first message', async () => {
  await page.getByRole('link', { name: 'Add an inbox' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Web');
  await button('Create and go on').click();
  await page.getByRole('heading', { name: 'Web', exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'First steps' }).click();
  const key = /data-inbox="([^"]+)"/.exec(await step('An inbox, and its line on your site').locator('code').innerText())?.[1];
  const { token } = await (await fetch(`${desk.url}/widget/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ inbox: key }) })).json();
  await fetch(`${desk.url}/widget/v1/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ client_id: 'm1', text: 'Hola' }) });
  await taken('An inbox, and its line on your site');
});

test('3, 4: the team, a reply and a label', async () => {
  await page.getByRole('link', { name: 'Add an agent' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Leo Paz');
  await page.getByLabel('E-mail', { exact: true }).fill('leo@new.test');
  await button('Add agent').click();
  await page.getByText('leo@new.test').waitFor();
  await page.goto(`${desk.url}/settings/canned/new`);
  await page.getByLabel('Short name', { exact: true }).fill('hi');
  await page.getByLabel('Text', { exact: true }).fill('Hello!');
  await button('Add reply').click();
  await page.getByText('/hi', { exact: true }).waitFor();
  await page.goto(`${desk.url}/settings/labels/new`);
  await page.getByLabel('Name', { exact: true }).fill('billing');
  await button('Add label').click();
  await page.getByText('billing', { exact: true }).waitFor();
});

test('then it is finished, and does not come back', async () => {
  await page.goto(`${desk.url}/settings/start`);
  await page.getByText('All four steps are taken: the desk is ready.').waitFor();
  await button('Finish').click();
  await page.locator('#list-title').waitFor();
  await page.reload();
  await page.locator('#list-title').waitFor();
  assert.equal(await page.getByRole('link', { name: /^First steps/ }).count(), 0);
  assert.deepEqual(faults, []);
});
