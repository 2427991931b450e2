// Contacts and tickets are found among all there are, not among the newest.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, signedIn, stop, talk, until } from './host.mjs';

let browser, page, faults, ana;
const name = `Zuleika Ñandú ${fresh()}`;
const email = `zuleika${fresh()}@example.com`;
const dialog = () => page.getByRole('dialog');

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  const old = await ana.post('/v1/contacts', { client_id: fresh(), name, email });
  await ana.post('/v1/tickets', { client_id: fresh(), subject: 'The carburettor sings', requester: old.id, description: 'It hums a milonga' });
  for (let i = 0; i < 26; i++) { // more than what is offered unasked
    const other = await ana.post('/v1/contacts', { client_id: fresh(), name: `Other ${i}` });
    await ana.post('/v1/tickets', { client_id: fresh(), subject: `Another ${i}`, requester: other.id });
  }
  await until('the old ones are in the index', async () => (await ana.get('/v1/contacts?q=zuleika')).items.length > 0 && (await ana.get('/v1/tickets/search?q=milonga')).items.length > 0);
  ({ page, faults } = await signedIn(browser, 'ana'));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B82, B92: a requester is found by the beginnings of his words, whatever accents; earlier answers do not come after later ones', async () => {
  await page.goto(`${address}/tickets`);
  await page.getByRole('button', { name: 'New ticket' }).click();
  const box = dialog().getByRole('combobox', { name: 'Find a contact' });
  const asked = [];
  page.on('request', (r) => { if (r.url().includes('/v1/contacts?q=')) asked.push(new URL(r.url()).searchParams.get('q')); });
  const ended = [];
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => { if (r.url().includes('/v1/contacts?q=')) ended.push(new URL(r.url()).searchParams.get('q')); });
  let hold = true; // the first answer stays away until the second is there
  await page.route('**/v1/contacts?q=other*', async (route) => {
    await until('the later word is answered', () => !hold);
    await route.continue().catch(() => undefined); // it was cancelled meanwhile
  });
  await box.fill('other');
  await until('the first word is asked', () => asked.includes('other'));
  await box.fill('nandu zul');
  await dialog().getByRole('option', { name: new RegExp(email) }).waitFor();
  hold = false;
  await until('the first answer came, or nobody waits for it', () => ended.includes('other'));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await page.unroute('**/v1/contacts?q=other*');
  assert.equal(await dialog().getByRole('listbox').getByRole('option').count(), 1);
  await page.keyboard.press('Enter');
  await dialog().getByText(name).waitFor();
  assert.equal(asked.includes('nandu zul'), true);
  await page.keyboard.press('Escape');
});

test('B36: the palette finds the contact and opens the record', async () => {
  await page.goto(`${address}/conversations/mine`);
  await page.locator('#list-title').waitFor(); // before, nobody hears the key
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('zuleika');
  await page.getByRole('option', { name: new RegExp(email) }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/contacts\//);
  await page.getByRole('heading', { name: new RegExp(name) }).first().waitFor();
});

test('B20: the list of contacts finds those that it has not read', async () => {
  await page.goto(`${address}/contacts`);
  const asked = page.waitForRequest((r) => r.url().includes('/v1/contacts?q=nandu'));
  await page.getByLabel('Find a contact').fill('nandu');
  await asked; // not only among those that are here
  await page.getByRole('link', { name }).waitFor();
});

test('B77, B78, B79: a ticket to link is found by its number and by a word of its description', async () => {
  await talk(page, { text: 'It sings' });
  await page.getByRole('button', { name: 'Find and link a ticket' }).first().click();
  const box = dialog().getByRole('combobox', { name: 'Number or words of the ticket' });
  await box.fill('milong');
  await dialog().getByRole('option', { name: /The carburettor sings/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'The carburettor sings' }).first().waitFor();
});

test('nothing is written to the console as an error', () => assert.deepEqual(faults, []));
