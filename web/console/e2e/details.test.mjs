// Of a ticket: a file of which a page cannot be drawn, and what its details tell of merges.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, rich, signedIn, stop } from './host.mjs';

let browser, page, faults, ana, requester;
const made = (subject) => ana.post('/v1/tickets', { client_id: fresh(), subject, requester });
const open = async (number) => {
  await page.goto(`${address}/tickets/${number}`);
  await page.locator('#t-log').waitFor();
};

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  requester = (await ana.post('/v1/contacts', { client_id: fresh(), name: 'Rosa Fernández' })).id;
  ({ page, faults } = await signedIn(browser, 'ana'));
});

after(async () => {
  await browser?.close();
  await stop();
});

// Of its two pages the second is named and not there.
const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length 43>>stream\nBT /F1 24 Tf 40 100 Td (Guide 4821) Tj ET\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';

test('B110: a page of a PDF that cannot be drawn says so, the others are shown; so does a PDF that is none', async () => {
  const { number } = await made('Torn files');
  await open(number);
  await rich(page);
  await page.getByRole('textbox', { name: 'New action' }).click();
  await page.keyboard.type('With files');
  await page.locator('input[type=file]').setInputFiles([{ name: 'torn.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) }, { name: 'none.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF at all') }]);
  await page.getByRole('button', { name: 'Add action' }).click();
  await page.getByRole('button', { name: 'torn.pdf' }).click();
  const dialog = page.getByRole('dialog');
  const broken = dialog.getByRole('alert').filter({ hasText: 'This file could not be shown' });
  await dialog.locator('[data-drawn="1"] canvas').waitFor();
  await dialog.getByRole('button', { name: 'Next page' }).click();
  await broken.waitFor();
  assert.equal(await dialog.locator('canvas').count(), 0, 'no other page stands in its place');
  await dialog.getByRole('button', { name: 'Previous page' }).click();
  await dialog.locator('[data-drawn="1"] canvas').waitFor();
  await broken.waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowRight');
  await broken.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('B105: the details name the tickets that were merged into it, until that is taken back', async () => {
  const [heir, one, other] = [await made('The heir'), await made('One'), await made('Another')];
  for (const t of [one, other]) await ana.post(`/v1/tickets/${t.number}/merge`, { ticket: heir.number });
  const details = async () => {
    await open(heir.number);
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('menuitem', { name: 'Ticket details' }).click();
    await page.getByRole('dialog').getByText('Merged from').waitFor();
  };
  await details();
  for (const t of [one, other]) await page.getByRole('dialog').getByRole('link', { name: `Ticket ${t.number}` }).waitFor();
  await ana.post(`/v1/tickets/${one.number}/unmerge`);
  await details();
  await page.getByRole('dialog').getByRole('link', { name: `Ticket ${other.number}` }).waitFor();
  assert.equal(await page.getByRole('dialog').getByRole('link', { name: `Ticket ${one.number}` }).count(), 0);
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));
