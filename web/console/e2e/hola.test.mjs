// A customer and agents, side by side, from "Hola" to a closed conversation with its ticket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, customer, launch, signedIn, stop, typedIn, until } from './host.mjs';

let browser, luis, ana, visitor, page, faults;
const name = `Marta ${Date.now() % 100000}`;

before(async () => {
  browser = await launch();
  luis = await agent('luis');
  ana = await agent('ana');
  await luis.presence('connected');
  ({ page, faults } = await signedIn(browser, 'luis'));
});

after(async () => {
  await browser?.close();
  await stop();
});

const row = () => page.locator('li', { has: page.getByText(name, { exact: true }) }).locator('a');
const thread = () => page.getByRole('log');

test('Hola: an unassigned conversation shows up by itself', async () => {
  await page.keyboard.press('g');
  await page.goto(new URL('/conversations/unassigned', page.url()).href);
  await page.getByText('Unassigned').first().waitFor();
  visitor = await customer('shop', { name, email: 'marta@example.com' });
  await visitor.write('Hola');
  await row().waitFor();
  await row().click();
  await thread().getByText('Hola').waitFor();
});

test('B8: replying to an unassigned one takes it; the customer gets the reply', async () => {
  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: 'Reply' }).fill('Good morning, **Marta**');
  await page.keyboard.press('Enter');
  await thread().getByText('Good morning').waitFor();
  await thread().getByText('Sent').first().waitFor();
  await assertSoon(async () => (await visitor.thread()).messages.some((m) => m.text.includes('Good morning, Marta') && m.html?.includes('<strong>')));
  await page.locator('aside').getByText('Luis Pérez').first().waitFor();
});

test('B12: what the customer types and writes is seen', async () => {
  await visitor.typing();
  await page.getByText(`${name} is typing`).waitFor();
  await visitor.write('Is it far?');
  await thread().getByText('Is it far?').waitFor();
  await page.getByText(`${name} is typing`).waitFor({ state: 'detached' });
});

test('B28: a canned reply by its short name', async () => {
  const box = page.getByRole('textbox', { name: 'Reply' });
  await box.click();
  await box.pressSequentially('/gra');
  await page.getByRole('option', { name: 'gracias' }).waitFor();
  await page.keyboard.press('Enter');
  assert.match(await typedIn(box), /Gracias por escribirnos/);
  await page.keyboard.press('Enter');
  await thread().getByText('¡Gracias por escribirnos!').waitFor();
});

test('B29, B31: a private note with a mention, never for the customer', async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  const box = page.getByRole('textbox', { name: 'Private note' });
  await box.pressSequentially('@ana');
  await page.getByRole('option', { name: /Ana Torres/ }).waitFor();
  await page.keyboard.press('Enter');
  await box.pressSequentially('please look');
  await page.keyboard.press('Enter');
  await thread().getByText('please look').waitFor();
  await assertSoon(async () => (await ana.get('/v1/notifications?limit=5')).items.some((n) => n.kind === 'mention' && n.text.includes('please look')));
  assert.ok(!(await visitor.thread()).messages.some((m) => m.text.includes('please look')));
});

test('B37-B47: transfer by keyboard, with a reason; undone by the colleague', async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('ana');
  await page.getByRole('dialog').getByText('Ana Torres').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const anyway = page.getByRole('button', { name: 'Transfer anyway' });
  await Promise.race([anyway.waitFor(), page.getByText('Transferred to Ana Torres').waitFor()]);
  if (await anyway.isVisible()) await page.keyboard.press('Enter');
  await page.getByText('Transferred to Ana Torres').waitFor();
  await thread().getByText('Ana Torres').first().waitFor();
  const id = page.url().split('/').at(-1);
  await ana.post(`/v1/conversations/${id}/transfer`, { agent: 'luis', reason: 'yours again' });
  await thread().getByText('yours again').waitFor();
});

test('a reply written while offline waits, survives a reload, and goes once', async () => {
  const context = page.context();
  await context.setOffline(true);
  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: 'Reply' }).fill('From the tunnel');
  await page.keyboard.press('Enter');
  await thread().getByText('Waits for a connection').waitFor();
  await context.setOffline(false);
  await page.reload();
  await thread().getByText('From the tunnel').waitFor();
  await thread().getByText('Waits for a connection').waitFor({ state: 'detached' });
  await assertSoon(async () => (await visitor.thread()).messages.filter((m) => m.text === 'From the tunnel').length === 1);
  await page.keyboard.press('Escape');
});

test('a draft survives a reload', async () => {
  const box = page.getByRole('textbox', { name: 'Reply' });
  await box.fill('half a thou');
  await page.reload();
  await box.waitFor();
  assert.equal(await typedIn(box), 'half a thou');
  await box.fill('');
  await page.keyboard.press('Escape');
});

test('B59-B65: close with a new ticket; undo first; then the ticket opens', async () => {
  const close = async () => {
    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await page.getByLabel(/Subject/).fill('Broken tank');
    await page.getByLabel('Summary').fill('sent a new one');
    await page.keyboard.press('Control+Enter');
    await page.getByText('You closed the conversation').waitFor();
  };
  await close();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('header').getByText('Open', { exact: true }).waitFor();
  await close();
  await page.waitForURL(/\/tickets\/\d+/);
  await page.getByRole('heading', { level: 1, name: /^Broken tank/ }).waitFor();
  await assertSoon(async () => (await visitor.thread()).conversation.status === 'resolved');
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));

const assertSoon = (check) => until('it comes about', check);
