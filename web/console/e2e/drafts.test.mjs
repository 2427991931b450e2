// Nothing that was typed is lost: dialogs keep it, refusals keep it, a ticket that is gone gives it back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, rich, signedIn, stop, talk, until } from './host.mjs';

let browser, page, faults, ana, otto, requester;
const send = async (who, method, path, body) => {
  const answer = await fetch(address + path, { method, headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${who.token}` }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
};
const stored = async (number) => (await ana.get(`/v1/tickets/${number}?fresh=true`)).ticket;
const made = (subject, more = {}) => ana.post('/v1/tickets', { client_id: fresh(), subject, requester, ...more });
const open = async (number) => {
  await page.goto(`${address}/tickets/${number}`);
  await page.locator('#t-log').waitFor();
};
const dialog = () => page.getByRole('dialog');
const shut = () => dialog().waitFor({ state: 'detached' });

before(async () => {
  browser = await launch();
  [ana, otto] = [await agent('ana'), await agent('otto')];
  requester = (await ana.post('/v1/contacts', { client_id: fresh(), name: 'Rosa Fernández', email: `rosa${fresh()}@example.com` })).id;
  ({ page, faults } = await signedIn(browser, 'ana'));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B92: a new ticket that is left by Escape, a press beside it or a reload is there again; Start over throws it away', async () => {
  await page.goto(`${address}/tickets`);
  await page.getByRole('button', { name: 'New ticket' }).click();
  await dialog().getByLabel('Subject').fill('Half a ticket');
  await dialog().getByLabel('What it is about').fill('A long story');
  await dialog().getByLabel('Priority').selectOption('high');
  await page.keyboard.press('Escape');
  await shut();
  await page.reload();
  await page.getByRole('button', { name: 'New ticket' }).click();
  assert.equal(await dialog().getByLabel('Subject').inputValue(), 'Half a ticket');
  await until('a press beside it shuts it', async () => { // it hears of presses a moment after it is shown
    await page.mouse.click(4, 400);
    return (await dialog().count()) === 0;
  });
  await page.getByRole('button', { name: 'New ticket' }).click();
  assert.equal(await dialog().getByLabel('What it is about').inputValue(), 'A long story');
  assert.equal(await dialog().getByLabel('Priority').inputValue(), 'high');
  await dialog().getByRole('button', { name: 'Start over' }).click();
  assert.equal(await dialog().getByLabel('Subject').inputValue(), '');
  await page.keyboard.press('Escape');
  await shut();
});

test('B92: an empty new ticket says what is missing beside the fields, and goes to the first; Create is in sight', async () => {
  await page.goto(`${address}/tickets`);
  await page.getByRole('button', { name: 'New ticket' }).click();
  const create = await dialog().getByRole('button', { name: 'Create' }).boundingBox();
  assert.ok(create.y + create.height <= 900, `Create ends at ${create.y + create.height}`);
  await dialog().getByLabel('What it is about').focus();
  await page.keyboard.press('Control+Enter');
  await dialog().getByText('A subject is needed.').waitFor();
  await dialog().getByText('Choose who asks for it').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  await page.keyboard.type('By keys');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('Rosa Fer');
  await page.getByRole('option', { name: /Rosa Fernández/ }).waitFor();
  await page.keyboard.press('Enter');
  await dialog().getByText('Rosa Fernández').waitFor();
  await dialog().getByLabel('What it is about').focus();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: /By keys/ }).waitFor();
});

test('B46, B64: the reason of a transfer and the note of a close survive Escape; the note survives undoing the close', async () => {
  await talk(page, { text: 'Is anybody there' });
  await rich(page);
  await page.keyboard.press('t');
  await dialog().getByLabel(/Reason/).fill('He knows the shop');
  await page.keyboard.press('Escape');
  await shut();
  await page.keyboard.press('t');
  assert.equal(await dialog().getByLabel(/Reason/).inputValue(), 'He knows the shop');
  await page.keyboard.press('Escape');
  await shut();
  await page.keyboard.press('e');
  await dialog().getByLabel('Subject', { exact: false }).fill('Asked whether anybody is there');
  await dialog().getByLabel('Summary').fill('Somebody is');
  await page.keyboard.press('Control+Enter');
  await shut();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
  await page.locator('body').press('e');
  assert.equal(await dialog().getByLabel('Summary').inputValue(), 'Somebody is');
  await page.keyboard.press('Escape');
  await shut();
});

test('B86: what was being written when somebody deleted the ticket can be copied', async () => {
  const { number } = await made('Deleted under the pen');
  await open(number);
  await rich(page);
  await page.getByRole('textbox', { name: 'New action' }).click();
  await page.keyboard.type('Half an answer');
  await send(ana, 'DELETE', `/v1/tickets/${number}`);
  await page.getByRole('heading', { name: 'We did not find this ticket' }).waitFor();
  assert.equal(await page.getByLabel('What you wrote and did not add').inputValue(), 'Half an answer');
  await page.getByRole('button', { name: 'Throw away' }).click();
  await page.getByLabel('What you wrote and did not add').waitFor({ state: 'detached' });
});

test('B86, B105: what was being written when a colleague merged the ticket can be copied', async () => {
  const [{ number }, other] = [await made('Merged under the pen'), await made('What it becomes')];
  await open(number);
  await rich(page);
  await page.getByRole('textbox', { name: 'New action' }).click();
  await page.keyboard.type('Half an answer');
  await send(otto, 'POST', `/v1/tickets/${number}/merge`, { ticket: other.number });
  const words = page.getByLabel('What you wrote and did not add');
  await words.waitFor();
  assert.equal(await words.inputValue(), 'Half an answer');
  await page.getByText('The ticket was merged into another; your words are still here.').waitFor();
  await page.getByRole('textbox', { name: 'New action' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Throw away' }).click();
  await words.waitFor({ state: 'detached' });
});

test('B86: who is overtaken while he renames or tags keeps what he typed, and may send it again', async () => {
  const { number } = await made('First name');
  await open(number);
  let theirs;
  await page.route(`**/v1/tickets/${number}`, async (route) => {
    const fields = route.request().method() === 'PATCH' && theirs;
    if (fields) {
      theirs = undefined;
      await send(otto, 'PATCH', `/v1/tickets/${number}`, { version: (await stored(number)).version, ...fields });
    }
    await route.continue();
  });
  theirs = { subject: 'His name' };
  await page.getByRole('button', { name: /First name/ }).click();
  await page.locator('h1 input').fill('My name');
  await page.keyboard.press('Enter');
  await page.getByText('Otto Braun was faster').waitFor();
  await page.locator('h1 input').waitFor();
  assert.equal(await page.locator('h1 input').inputValue(), 'My name');
  await page.keyboard.press('Enter');
  await until('it is renamed', async () => (await stored(number)).subject === 'My name');
  theirs = { tags: ['his'] };
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.keyboard.type('mine');
  await page.keyboard.press('Enter');
  await page.locator('dl').getByText('his', { exact: true }).waitFor();
  await until('the typed tag is back', () => page.getByRole('textbox', { name: 'Add a tag' }).inputValue().then((v) => v === 'mine'));
  await page.keyboard.press('Enter');
  await until('both tags stand', async () => (await stored(number)).tags?.join() === 'his,mine');
  await page.unroute(`**/v1/tickets/${number}`);
});

const broken = Buffer.from('iVBORw0KGgoAAAANSUhEUg', 'base64');

test('B110: a broken picture says so, and can still be downloaded', async () => {
  const { number } = await made('Broken files');
  await open(number);
  await rich(page);
  await page.getByRole('textbox', { name: 'New action' }).click();
  await page.keyboard.type('With files');
  await page.locator('input[type=file]').setInputFiles([{ name: 'torn.png', mimeType: 'image/png', buffer: broken }]);
  await page.getByRole('button', { name: 'Add action' }).click();
  await page.locator('#t-gallery').waitFor();
  await page.getByRole('button', { name: 'torn.png', exact: true }).last().click();
  await dialog().getByText('This file could not be shown. It can still be downloaded.').waitFor();
  await dialog().getByRole('link', { name: 'Download' }).waitFor();
  await page.keyboard.press('Escape');
  await shut();
});

test('nothing is written to the console as an error', () => assert.deepEqual(faults, []));
