// An administrator sets what tickets are made of, by what hours time counts, and what is promised.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, signedIn, stop, violations } from './host.mjs';

let browser, page, context, faults, ana;
const open = (path) => page.goto(new URL(`/settings/${path}`, address).href);
const group = (name) => page.getByRole('group', { name, exact: true });
const button = (name) => page.getByRole('button', { name, exact: true });
const saved = () => page.locator('form').getByText('Saved', { exact: true }).waitFor();
const row = (text) => page.locator('main li', { has: page.getByText(text) }).getByRole('link');

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  ({ page, context, faults } = await signedIn(browser, 'ana', { bypassCSP: true }));
  page.on('dialog', (d) => void d.accept()); // what is not saved is left on purpose
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B93 to B97, B104: fields, services by sector, priorities in their order, justifications, forecast by role', async () => {
  await open('tickets');
  await page.getByRole('switch', { name: 'Cc' }).uncheck();
  await button('Add service').click();
  const services = group('Services');
  await services.getByLabel('Name').fill('Refunds');
  await services.getByLabel('Sector').fill('Sales');
  await button('Add priority').click();
  await group('Priorities').getByLabel('Name').last().fill('Board of directors');
  await button('Move Board of directors up').click();
  await button('Add justification').click();
  await button('Save').click();
  await group('Justifications').getByRole('alert').getByText('This is needed').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-invalid')), 'true', 'the field to blame has the focus');
  await group('Justifications').getByLabel('Name').fill('Waits for the carrier');
  await page.getByRole('switch', { name: 'Agent', exact: true }).check();
  await button('Save').click();
  await saved();
  let now = await ana.get('/v1/settings/tickets');
  assert.deepEqual(now.disabled, ['cc']);
  assert.deepEqual(now.priorities.map((p) => p.name), ['Low', 'Medium', 'High', 'Board of directors', 'Urgent']);
  assert.deepEqual(now.services.map((s) => [s.name, s.sector]), [['Refunds', 'Sales']]);
  assert.deepEqual(now.justifications.map((j) => [j.name, j.status]), [['Waits for the carrier', 'pending']]);
  assert.deepEqual([...now.due_by_hand].sort(), ['administrator', 'agent', 'operator']);
  await button('Archive Board of directors').click();
  await button('Save').click();
  await saved();
  now = await ana.get('/v1/settings/tickets');
  assert.equal(now.priorities.find((p) => p.name === 'Board of directors').archived, true);
  await page.getByText('1 archived').click();
  await button('Bring back Board of directors').waitFor();
});

test('B98: business hours with a break, public holidays and own dates; what is wrong is told beside it', async () => {
  const name = `Office ${fresh()}`;
  await open('hours/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Time zone').selectOption('America/Bogota');
  await page.getByLabel('Public holidays').selectOption('ES');
  await page.getByText(/public holidays in \d{4}/).click();
  await page.getByText(/Navidad/).waitFor();
  await page.getByLabel('Monday, closes at').first().fill('08:00');
  await button('Add hours').click();
  await page.getByRole('alert').getByText('Each opening ends after it begins').waitFor();
  await page.getByLabel('Monday, closes at').first().fill('12:00');
  await button('Monday: another opening').click();
  await button('Add date').click();
  await button('Add hours').click();
  await page.getByRole('alert').getByText('This is needed').waitFor();
  await page.getByLabel('Date', { exact: true }).fill('2026-12-24');
  await page.getByLabel('What for').fill('Christmas Eve');
  await button('Add hours').click();
  await row(name).waitFor();
  const made = (await ana.get('/v1/settings/hours')).items.find((h) => h.name === name);
  assert.equal(made.country, 'ES');
  assert.equal(made.week[1].length, 2, 'a break on Mondays');
  assert.deepEqual(made.own, [{ day: '2026-12-24', name: 'Christmas Eve', spans: [] }]);
});

test('B98: a contract promises by priority, warns and escalates', async () => {
  const name = `Gold ${fresh()}`;
  await open('contracts/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('First reply: how many').fill('');
  await button('Add contract').click();
  await page.getByRole('alert').getByText('Promise something, or remove it').waitFor();
  await page.getByLabel('First reply: how many').fill('1');
  await page.getByLabel('Resolution: how many').fill('2');
  await page.getByLabel('Resolution: unit').selectOption('days');
  await button('Another priority').click();
  await button('Add escalation').click();
  await page.getByLabel('When').selectOption('warning');
  await group('Escalation 1').getByRole('checkbox', { name: 'Luis Pérez' }).check();
  await button('Add contract').click();
  await page.getByRole('alert').getByText('This contract never warns').waitFor();
  await page.getByLabel('Warn at percent of the time').fill('80');
  await button('Add contract').click();
  await row(name).click();
  const made = (await ana.get('/v1/settings/contracts')).items.find((c) => c.name === name);
  assert.equal(made.warn_at, 80);
  assert.equal(made.promises.length, 2);
  assert.equal(made.promises[0].first_response_seconds, 3600);
  assert.equal(made.promises[0].resolution_seconds, 2 * 86_400);
  assert.deepEqual(made.escalations, [{ on: 'warning', act: 'notify', agents: ['luis'] }]);
  await page.getByLabel('What is done').selectOption('reassign');
  await page.getByLabel('To whom').selectOption('d/support');
  await button('Save').click();
  await saved();
  assert.deepEqual((await ana.get('/v1/settings/contracts')).items.find((c) => c.name === name).escalations, [{ on: 'warning', act: 'reassign', department: 'support' }]);
});

for (const colorScheme of ['light', 'dark']) {
  test(`the settings of tickets and time are clean for axe, and fit 320 px: ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme });
    for (const path of ['tickets', 'contracts/new', 'hours/new']) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(path);
      await page.locator('main form').waitFor();
      if (path === 'contracts/new') await button('Add escalation').click();
      if (path === 'hours/new') await button('Add date').click();
      assert.deepEqual(await violations(page), [], path);
      await page.setViewportSize({ width: 320, height: 640 });
      assert.ok(await page.evaluate(() => [...document.querySelectorAll('main, main form')].every((el) => el.scrollWidth <= el.clientWidth + 1)), `${path} fits`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });
}

test('no fault was written to the console', () => assert.deepEqual(faults, []));
