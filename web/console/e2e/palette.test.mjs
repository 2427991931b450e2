// The palette: what it offers beside the keys, and what it does not; and dialogs that keep what was typed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, launch, signedIn, stop, talk, until } from './host.mjs';

let browser, page, faults, visitor, id;
const offered = (name) => page.getByRole('option', { name });

before(async () => {
  browser = await launch();
  await (await agent('luis')).presence('connected');
  ({ page, faults } = await signedIn(browser, 'luis'));
  ({ visitor, id } = await talk(page));
});

after(async () => {
  await browser?.close();
  await stop();
});

async function choose(words, option) {
  await page.keyboard.press('Escape'); // out of the composer
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(words);
  await offered(option).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function transcript() {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('transcript');
  await offered(/ranscript/).first().waitFor();
  await page.keyboard.press('Enter');
}

const focused = (name) => page.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, name);

test('it begins a reply and a private note', async () => {
  await choose('private note', /^Private note/);
  await focused('Private note');
  await choose('reply', /^Reply/);
  await focused('Reply');
});

test('it marks unread', async () => {
  await until('it was read', async () => (await (await agent('ana')).get(`/v1/conversations/${id}`)).conversation.unread === 0);
  await choose('mark unread', /^Mark unread/);
  await until('it is unread', async () => (await (await agent('ana')).get(`/v1/conversations/${id}`)).conversation.unread > 0);
});

test('it offers the departments that one sees, and no others', async () => {
  const counts = await (await agent('luis')).get('/v1/conversations/counts');
  const all = (await (await agent('ana')).get('/v1/departments')).items;
  const foreign = all.find((d) => !(d.id in counts.counts.departments)), own = all.find((d) => d.id in counts.counts.departments);
  await page.keyboard.press('Control+k');
  const box = page.getByRole('dialog').getByRole('combobox');
  await box.fill(`department ${own.name}`);
  await offered(`Department: ${own.name}`).waitFor();
  await box.fill(`department ${foreign.name}`);
  await offered(`Department: ${own.name}`).waitFor({ state: 'detached' });
  assert.equal(await offered(`Department: ${foreign.name}`).count(), 0);
  await page.keyboard.press('Escape');
});

test('B73: an address typed for a transcript survives Escape and a reload, until it is sent', async () => {
  await page.goto(new URL(`/conversations/all/${id}`, page.url()).href);
  await page.getByRole('log').getByText('Hola').first().waitFor();
  await transcript();
  await page.getByLabel('E-mail').fill('half@example');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('log').getByText('Hola').first().waitFor();
  await transcript();
  await until('the address is there', async () => (await page.getByLabel('E-mail').inputValue()) === 'half@example');
  await page.getByLabel('E-mail').fill('marta@example.com');
  await page.keyboard.press('Control+Enter');
  await page.getByText('The chat transcript was sent successfully').waitFor();
});

test('the thread says once that the conversation began', async () => {
  await page.getByRole('log').getByText('Hola').first().waitFor();
  assert.equal(await page.getByRole('log').getByText(/began/).count(), 1);
  assert.ok((await visitor.thread()).messages.length > 0);
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));
