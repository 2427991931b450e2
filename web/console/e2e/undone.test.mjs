// Acts that the desk does not answer, or answers with 429 or 500: what waits goes in order, what fails is told beside the
// conversation, which is shown as it is, and can be tried again.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { agent, launch, signedIn, stop, talk, until } from './host.mjs';

let browser, page, context, faults, visitor, id, ana;
const thread = () => page.getByRole('log');
const head = () => page.locator('#thread-title').locator('..');
const told = (what) => page.getByRole('alert').filter({ hasText: what });
const now = async () => (await ana.get(`/v1/conversations/${id}`)).conversation;
const fails = (path, status) => context.route(`**/v1/conversations/*/${path}`, (route) => (route.request().method() === 'POST'
  ? route.fulfill({ status, contentType: 'application/json', body: JSON.stringify({ error: { code: status === 429 ? 'limited' : 'internal', message: 'x' } }) }) : route.continue()));

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  await (await agent('luis')).presence('connected');
  ({ page, context, faults } = await signedIn(browser, 'luis'));
});

beforeEach(async () => {
  ({ visitor, id } = await talk(page));
  await head().getByText('Open', { exact: true }).waitFor();
});

after(async () => {
  await browser?.close();
  await stop();
});

async function reply(text) {
  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: 'Reply' }).fill(text);
  await page.keyboard.press('Enter');
}

const customerHas = (text) => until('the reply went', async () => (await visitor.thread()).messages.some((m) => m.text === text));

test('B8: who replies offline to what is nobody’s has it when he is back, after the reply', async () => {
  await context.setOffline(true);
  await reply('From the tunnel');
  await thread().getByText('Waits for a connection').waitFor();
  assert.equal((await now()).assignee ?? '', '');
  await context.setOffline(false);
  await customerHas('From the tunnel');
  const assignee = await until('it is his', async () => (await now()).assignee);
  assert.equal(assignee, (await ana.get('/v1/agents')).items.find((a) => a.email === 'luis@demo.test').id);
  const { messages } = await ana.get(`/v1/conversations/${id}`);
  assert.ok(messages.findIndex((m) => m.text === 'From the tunnel') < messages.findIndex((m) => m.event === 'conversation.assigned'), 'in order');
});

test('B8: unless a colleague took it meanwhile', async () => {
  await context.setOffline(true);
  await reply('Late for the train');
  await thread().getByText('Waits for a connection').waitFor();
  const me = (await ana.get('/v1/me')).agent.id;
  await ana.post(`/v1/conversations/${id}/assign`, { agent: me });
  await context.setOffline(false);
  await customerHas('Late for the train');
  await page.locator('aside').getByText('Ana Torres').first().waitFor();
  await until('nothing waits', () => page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((d) => d.name.endsWith('outbox')).name;
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    return new Promise((done) => { const r = db.transaction('entries').objectStore('entries').count(); r.onsuccess = () => { db.close(); done(r.result === 0); }; });
  }));
  assert.equal((await now()).assignee, me);
});

test('B63: a close that the desk fails at is told beside the conversation, which is shown open; its note is kept; it can be tried again', async () => {
  await fails('close', 500);
  await page.keyboard.press('e');
  await page.getByLabel(/Subject/).fill('Broken pump');
  await page.getByLabel('Summary').fill('sent a new one');
  await page.keyboard.press('Control+Enter');
  await page.getByText('You closed the conversation').waitFor();
  await told('It was not closed. Something failed on our side.').waitFor();
  await head().getByText('Open', { exact: true }).waitFor();
  assert.equal((await now()).status, 'open');
  await page.reload(); // it is not forgotten
  await told('It was not closed.').waitFor();
  await page.keyboard.press('e');
  assert.equal(await page.getByLabel(/Subject/).inputValue(), 'Broken pump');
  assert.equal(await page.getByLabel('Summary').inputValue(), 'sent a new one');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.unroute('**/v1/conversations/*/close');
  await told('It was not closed.').getByRole('button', { name: 'Try again' }).click();
  await until('it is closed', async () => (await now()).status === 'resolved');
  await page.waitForURL(/\/tickets\/\d+/);
});

test('B57: so is a snooze; where the conversation is not shown, a word with a way to try again tells; it can be let go of', async () => {
  await fails('snooze', 429);
  await page.keyboard.press('z');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('2');
  await page.getByText('You snoozed').waitFor();
  await page.getByRole('link', { name: 'Contacts' }).click();
  await page.locator('[data-tone="late"]').filter({ hasText: 'It was not snoozed. Too much at once' }).getByRole('button', { name: 'Try again' }).waitFor();
  await page.goto(new URL(`/conversations/all/${id}`, page.url()).href);
  await head().getByText('Open', { exact: true }).waitFor();
  await told('It was not snoozed.').getByRole('button', { name: 'Discard' }).click();
  await told('It was not snoozed.').waitFor({ state: 'detached' });
  await context.unroute('**/v1/conversations/*/snooze');
  assert.equal((await now()).status, 'open');
});

test('B8: so is taking it oneself, offline as well', async () => {
  await context.setOffline(true);
  await page.keyboard.press('a');
  await page.getByRole('combobox').fill('luis');
  await page.keyboard.press('Enter');
  await told('It was not assigned. No connection.').waitFor();
  await page.locator('aside').getByRole('button', { name: 'Nobody' }).waitFor();
  await context.setOffline(false);
  await told('It was not assigned.').getByRole('button', { name: 'Try again' }).click();
  await until('it is his', async () => (await now()).assignee);
  await told('It was not assigned.').waitFor({ state: 'detached' });
});

test('B46: so is a transfer: the reason is kept until it went', async () => {
  await fails('transfer', 500);
  await page.keyboard.press('t');
  await page.getByRole('dialog').waitFor();
  await page.getByLabel(/Reason/).fill('knows pumps');
  await page.getByRole('combobox').fill('sales');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer', exact: true }).click({ timeout: 2000 }).catch(() => undefined); // unless Enter did it
  await told('It was not transferred. Something failed on our side.').waitFor();
  await page.keyboard.press('t');
  assert.equal(await page.getByLabel(/Reason/).inputValue(), 'knows pumps');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.unroute('**/v1/conversations/*/transfer');
  await told('It was not transferred.').getByRole('button', { name: 'Try again' }).click();
  await until('it went', async () => (await now()).department === 'sales');
  await told('It was not transferred.').waitFor({ state: 'detached' });
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));
