// The options of a ticket: what it is, what it is promised, and what is taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, signedIn, stop, talk, violations } from './host.mjs';

let browser, page, faults, ana, requester, contract;
const send = async (method, path, body) => {
  const answer = await fetch(address + path, { method, headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ana.token}` }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
};
const stored = async (number) => (await ana.get(`/v1/tickets/${number}?fresh=true`)).ticket;
const patch = async (number, fields) => send('PATCH', `/v1/tickets/${number}`, { version: (await stored(number)).version, ...fields });
const made = (subject, more = {}) => ana.post('/v1/tickets', { client_id: fresh(), subject, requester, ...more });
const open = async (number, on = page) => {
  await on.goto(`${address}/tickets/${number}`);
  await on.locator('#t-log').waitFor();
};
const options = async (name, on = page) => {
  await on.getByRole('button', { name: /^(Options|Opciones|Opções)$/ }).click();
  await on.getByRole('menuitem', { name, exact: true }).click();
  await on.getByRole('dialog').waitFor();
};
const target = (name, on = page) => on.getByRole('dialog').locator(`[data-target="${name}"]`);

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  await send('PUT', '/v1/settings/tickets', { ...(await ana.get('/v1/settings/tickets')), services: [{ id: 'repairs', name: 'Repairs', sector: 'Support' }, { id: 'other', name: 'Other', sector: 'Support' }] });
  requester = (await ana.post('/v1/contacts', { client_id: fresh(), name: 'Rosa Fernández', email: `rosa${fresh()}@example.com` })).id;
  const day = [{ from: 0, to: 24 * 60 }];
  const hours = await ana.post('/v1/settings/hours', { client_id: fresh(), name: 'Workshop', time_zone: 'America/Bogota', week: Array(7).fill(day) });
  contract = await ana.post('/v1/settings/contracts', {
    client_id: fresh(), name: 'Gold repairs', services: ['repairs'], hours: hours.id, warn_at: 80, promises: [{ first_response_seconds: 3600, next_response_seconds: 7200, resolution_seconds: 28_800 }],
  });
  ({ page, faults } = await signedIn(browser, 'ana'));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B98, B105: the page names the contract, and SLA details shows each target as it stands: running, paused, met', async () => {
  const { number } = await made('The mill is silent', { service: 'repairs' });
  await open(number);
  await page.getByText('Gold repairs').waitFor();
  await options('SLA details');
  const dialog = page.getByRole('dialog');
  for (const text of ['Workshop', 'Time zone America/Bogota', /Mon–Sun\s*Around the clock/, 'When 80 % of the time is gone']) await dialog.getByText(text).first().waitFor();
  assert.equal(await dialog.getByRole('link', { name: 'Gold repairs' }).getAttribute('href'), `/settings/contracts/${contract.id}`);
  for (const text of ['8 h of working time', 'Running', 'Remaining', 'Warns at']) await target('resolution').getByText(text, { exact: true }).waitFor();
  await target('next_response').getByText('Its clock runs in the conversation').waitFor();
  await patch(number, { status: 'pending' });
  await target('resolution').getByText('Paused').waitFor(); // while it is looked at
  await patch(number, { status: 'resolved' });
  await target('resolution').getByText('Met').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('B98, B105: where no contract holds it says so, and another service brings one while it is open', async () => {
  const { number } = await made('No promise', { service: 'other' });
  await open(number);
  await options('SLA details');
  await page.getByRole('dialog').getByText('No contract holds for this ticket.').waitFor();
  await patch(number, { service: 'repairs' });
  await target('first_response').getByText('Running').waitFor();
  await page.keyboard.press('Escape');
});

test('B105: Ticket details tells number, who made it, when and from where, the conversation, and its last change', async () => {
  const { id, name } = await talk(undefined, { text: 'It broke' });
  const { ticket } = await ana.post(`/v1/conversations/${id}/ticket`, { new_ticket: { client_id: fresh(), subject: 'It broke' } });
  await patch(ticket, { priority: 'high' });
  await open(ticket);
  await options('Ticket details');
  const dialog = page.getByRole('dialog', { name: `Details of ticket ${ticket}` });
  for (const text of ['Ana Torres', 'Web chat', 'Last change', 'New since']) await dialog.getByText(text).first().waitFor();
  await dialog.getByRole('link', { name: 'Conversation 1' }).click();
  await page.getByRole('log').getByText('It broke').first().waitFor();
  assert.ok(page.url().includes(id), `the conversation of ${name}`);
});

test('B2, B105: a viewer reads both; in Spanish and Portuguese they are said so', async () => {
  const { number } = await made('Words', { service: 'repairs' });
  for (const [language, details, sla, due] of [['es', 'Detalles del ticket', 'Detalles del SLA', 'Vence'], ['pt-BR', 'Detalhes do ticket', 'Detalhes do SLA', 'Vence']]) {
    const vera = await signedIn(browser, 'vera', { language });
    await open(number, vera.page);
    await options(details, vera.page);
    await vera.page.keyboard.press('Escape');
    await vera.page.getByRole('dialog').waitFor({ state: 'detached' });
    await options(sla, vera.page);
    await target('resolution', vera.page).getByText(due, { exact: true }).waitFor();
    assert.equal(await vera.page.getByRole('dialog').getByRole('link').count(), 0, 'settings are for administrators');
    assert.deepEqual(vera.faults, []);
    await vera.context.close();
  }
});

test('B105: a merge is taken back from the banner and from the options; both pages follow, what came back is said first', async () => {
  const [{ number }, heir] = [await made('Merged too early', { tags: ['mine'] }), await made('The heir')];
  await ana.post(`/v1/tickets/${number}/actions`, { client_id: fresh(), text: 'Written in the first' });
  const beside = await signedIn(browser, 'otto');
  for (const ask of [() => page.getByRole('status').getByRole('button', { name: 'Take the merge back' }).click(), () => options('Take the merge back')]) {
    await ana.post(`/v1/tickets/${number}/merge`, { ticket: heir.number });
    await open(heir.number, beside.page);
    await beside.page.locator('[data-action]', { hasText: 'Written in the first' }).waitFor();
    await open(number);
    await ask();
    await page.getByRole('dialog').getByText(`From ticket ${heir.number} come back`).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add action' }).waitFor();
    await page.getByRole('status').getByText('Merged into').waitFor({ state: 'detached' });
    await page.locator('[data-action]', { hasText: 'Written in the first' }).waitFor();
    await beside.page.locator('[data-action]', { hasText: 'Written in the first' }).waitFor({ state: 'detached' });
  }
  const vera = await signedIn(browser, 'vera');
  await ana.post(`/v1/tickets/${number}/merge`, { ticket: heir.number });
  await open(number, vera.page);
  await vera.page.getByRole('status').getByText('Merged into').waitFor();
  assert.equal(await vera.page.getByRole('button', { name: 'Take the merge back' }).count(), 0, 'a viewer changes nothing');
  await vera.context.close();
  await beside.context.close();
});

test('nothing for axe to complain of in the dialogs, in either mode, at any width', async () => {
  const { number } = await made('Looks', { service: 'repairs', tags: ['one'] });
  const looks = await signedIn(browser, 'ana', { bypassCSP: true, reducedMotion: 'reduce' });
  for (const [width, height] of [[1440, 900], [320, 640]]) {
    await looks.page.setViewportSize({ width, height });
    for (const name of ['Ticket details', 'SLA details']) {
      await open(number, looks.page);
      await options(name, looks.page);
      if (name === 'SLA details') await target('resolution', looks.page).waitFor();
      for (const colorScheme of ['light', 'dark']) {
        await looks.page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(looks.page), [], `${name} ${width} ${colorScheme}`);
      }
      assert.equal(await looks.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} ${width}`);
    }
  }
  await looks.context.close();
});

test('nothing is written to the console as an error', () => assert.deepEqual(faults, []));
