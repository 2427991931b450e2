// A browser that two agents share: neither sees or sends what the other typed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, rich, signedIn, stop, talk, typedIn, until } from './host.mjs';

let browser, page, context, faults, visitor, id;
const reply = () => page.getByRole('textbox', { name: 'Reply' });
const said = async (text) => (await visitor.thread()).messages.filter((m) => m.text === text).length;

before(async () => {
  browser = await launch();
  ({ page, context, faults } = await signedIn(browser, 'ana'));
  ({ visitor, id } = await talk(page));
  await rich(page);
});

after(async () => {
  await browser?.close();
  await stop();
});

async function open() {
  await page.goto(new URL(`/conversations/all/${id}`, page.url()).href);
  await page.getByRole('log').getByText('Hola').first().waitFor();
  await rich(page);
}

async function changeTo(name) {
  await page.getByRole('button', { name: /^(Ana|Otto)\b.*, / }).click();
  await page.getByText('Sign out').click();
  await page.getByRole('heading', { name: 'Relevo', exact: true }).waitFor(); // the page before it has buttons too
  await page.locator('main button').click();
  await page.locator(`button[value="${name}@demo.test"], button:has-text("${name}")`).first().click();
  await page.locator('#list-title').waitFor();
  await open();
}

async function type(text) {
  await reply().click();
  await page.keyboard.type(text);
}

const way = '**/v1/conversations/*/messages';

test('what one agent typed, and what waits to be sent, neither shows nor goes when another signs in; both are there again for him', async () => {
  await page.evaluate(() => localStorage.setItem('relevo.draft.message.c1', 'of before'));
  await open();
  assert.equal(await page.evaluate(() => localStorage.getItem('relevo.draft.message.c1')), null, 'what is nobody\'s is removed');
  await context.route(way, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await type('Said by Ana');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Said by Ana').waitFor();
  await type('Half an answer');
  await until('the draft is kept', () => page.evaluate(() => Object.values(localStorage).includes('Half an answer')));
  await changeTo('otto');
  await context.unroute(way);
  assert.equal(await typedIn(reply()), '');
  await type('Said by Otto');
  await page.keyboard.press('Enter');
  await until('his goes', async () => (await said('Said by Otto')) === 1);
  assert.deepEqual([await said('Said by Ana'), await page.getByRole('log').getByText('Said by Ana').count()], [0, 0]);
  await changeTo('ana');
  await until('hers goes, once she is back', async () => (await said('Said by Ana')) === 1);
  assert.equal(await typedIn(reply()), 'Half an answer');
  assert.equal((await visitor.thread()).messages.find((m) => m.text === 'Said by Ana').author.name.startsWith('Ana'), true);
});

test('nothing is written to the console as an error', () => assert.deepEqual(faults, []));
