// An administrator sets the desk up: each noun made, changed and deleted in place, faults beside their fields, nothing lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, customer, fresh, launch, signedIn, stop, until, violations } from './host.mjs';

let browser, page, context, faults, ana;
const open = (path) => page.goto(new URL(`/settings/${path}`, address).href);
const field = (name) => page.getByLabel(name, { exact: true });
const button = (name) => page.getByRole('button', { name, exact: true });
const save = () => button('Save').click();
const saved = () => page.locator('form').getByText('Saved', { exact: true }).waitFor();
const row = (text) => page.locator('main li', { has: page.getByText(text, { exact: true }) }).getByRole('link');

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  ({ page, context, faults } = await signedIn(browser, 'ana'));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B34: a label is made with a colour, renamed in place, and deleted with a question', async () => {
  const name = `refund ${fresh()}`;
  await open('labels');
  await page.getByRole('link', { name: 'Add label' }).click();
  await button('Add label').click();
  await page.getByRole('alert').getByText('This is needed').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.value), '', 'the field to blame has the focus');
  await field('Name').fill(name);
  await button('#0c7d48').click();
  await page.keyboard.press('Control+Enter');
  await row(name).click();
  await field('Name').fill(`${name}s`);
  await page.getByText('1 change not saved').waitFor();
  await save();
  await saved();
  assert.ok((await ana.get('/v1/labels')).items.some((l) => l.name === `${name}s` && l.color === '#0c7d48'));
  const writes = [];
  page.on('request', (r) => { if (r.url().includes('/v1/settings/')) writes.push(r.method()); });
  await button('Delete').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`${name}s is gone`).waitFor();
  assert.equal(writes.length, 1, 'what stands around the question is not saved too');
  assert.ok(!(await ana.get('/v1/labels')).items.some((l) => l.name === `${name}s`));
});

test('B28: a canned reply shows what the customer gets; a short name that is taken is told beside it', async () => {
  await open('canned/new');
  await field('Short name').fill('HOLA');
  await field('Text').fill('Hello {name}, this is {agent}.');
  await page.getByText('Hello Marta Gómez, this is Ana Torres.').waitFor();
  await button('Add reply').click();
  await page.getByRole('alert').getByText('Another canned reply has this short name').waitFor();
  assert.equal(await field('Short name').getAttribute('aria-invalid'), 'true');
  const short = `hi${fresh()}`;
  await field('Short name').fill(short);
  await button('Add reply').click();
  await row(`/${short}`).waitFor();
});

test('what is not saved is asked about before it is left, and survives a reload', async () => {
  await open('canned/hola');
  await field('Text').fill('half a thought');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Labels' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await button('Stay').click();
  assert.match(page.url(), /canned\/hola$/);
  assert.equal(await field('Text').inputValue(), 'half a thought');
  page.once('dialog', (d) => void d.accept());
  await page.reload();
  await page.getByText('1 change from before, not saved yet').waitFor();
  assert.equal(await field('Text').inputValue(), 'half a thought');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Labels' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.waitForURL(/settings\/labels$/);
  await open('canned/hola');
  assert.notEqual(await field('Text').inputValue(), 'half a thought');
});

test('B40-B42: a department with its members; one that is in use says why it stays', async () => {
  const name = `Care ${fresh()}`;
  await open('departments/new');
  await field('Name').fill(name);
  await page.getByLabel(/Luis Pérez/).check();
  await button('Add department').click();
  await row(name).getByText('1 agent').waitFor();
  const luis = async () => (await ana.get('/v1/agents')).items.find((a) => a.id === 'luis').departments;
  assert.equal((await luis()).length, 2);
  await row(name).click();
  await button('Delete').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByText('Agents still belong to it: take them out first.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByLabel(/Luis Pérez/).uncheck();
  await save();
  await saved();
  assert.deepEqual(await luis(), ['support']);
});

test('B9, B10: an agent is made with role, departments and capacity, can sign in, and leaves', async () => {
  const email = `leo${fresh()}@demo.test`;
  await open('agents/new');
  await field('Name').fill('Leo Paz');
  await field('E-mail').fill('luis@demo.test');
  await page.getByLabel(/^Operator/).check();
  await field('Conversations at once').fill('3');
  await page.getByLabel('Sales').check();
  await button('Add agent').click();
  await page.getByRole('alert').getByText('Another agent has this address').waitFor();
  await field('E-mail').fill(email);
  await button('Add agent').click();
  await row('Leo Paz').waitFor();
  const leo = (await ana.get('/v1/agents')).items.find((a) => a.email === email);
  assert.deepEqual([leo.role, leo.capacity, leo.departments, leo.sign_in.subject], ['operator', 3, ['sales'], email]);
  assert.equal((await (await agent(email.split('@')[0])).get('/v1/me')).agent.name, 'Leo Paz');
  await row('Leo Paz').click();
  await button('Remove').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Leo Paz is gone').waitFor();
});

test('the last administrator cannot give the desk away', async () => {
  await open('agents/ana');
  await page.getByLabel(/^Operator/).check();
  await save();
  await page.getByRole('alert').getByText('The desk needs another administrator first').waitFor();
  await button('Discard').click();
});

test('B13-B16: an inbox follows each keystroke in its preview, and is saved whole', async () => {
  await open('inboxes/new');
  const name = `Shop ${fresh()}`;
  await field('Name').fill(name);
  await field('Department at the start').selectOption('support');
  await button('Create and go on').click();
  await page.getByRole('heading', { name }).waitFor();
  const preview = page.getByRole('complementary', { name: 'Preview' });
  await field('Greeting').pressSequentially('Hi th');
  await preview.locator('[data-part=greeting]', { hasText: /^Hi th$/ }).waitFor();
  await field('Greeting').pressSequentially('ere');
  await preview.locator('[data-part=greeting]', { hasText: /^Hi there$/ }).waitFor();
  await field('Colour as #rrggbb').fill('#ffb566');
  assert.equal(await preview.locator('[data-preview]').getAttribute('data-ink'), 'black');
  await field('Usually answers').selectOption('hours');
  await preview.getByText('Suele responder en unas horas').waitFor();
  await field('Language').selectOption('en');
  await preview.getByText('Usually answers in a few hours').waitFor();
  await page.getByLabel(/^Form before chatting/).check();
  await preview.getByRole('button', { name: 'Start' }).click();
  await preview.getByText('What can we do for you?').waitFor();
  await page.getByLabel(/^Campaign above the button/).check();
  await field('What it says').fill('May we help?');
  await field('Pages that begin with').fill('products');
  await preview.getByRole('button', { name: 'Closed' }).click();
  await preview.locator('[data-part=campaign]', { hasText: 'May we help?' }).waitFor();
  await save();
  await page.getByRole('alert').getByText('Begins with /, such as /products').waitFor();
  await field('Pages that begin with').fill('/products');
  await page.getByLabel(/^Target of the first response/).check();
  await field('How many').fill('2');
  await field('Of what').selectOption('hours');
  await field('Sites that may show it').fill('shop.example');
  await save();
  await saved();
  const id = page.url().split('/').at(-1);
  const kept = await ana.get(`/v1/settings/inboxes/${id}`);
  assert.deepEqual([kept.greeting, kept.color, kept.reply_time, kept.language, kept.pre_chat_form, kept.first_response_seconds, kept.origins, kept.campaign],
    ['Hi there', '#ffb566', 'hours', 'en', true, 7200, ['https://shop.example'], { enabled: true, message: 'May we help?', after_seconds: 0, page: '/products' }]);
  await page.getByText(`data-inbox="${kept.key}"`).waitFor();
  await page.getByText(`script-src ${address}; frame-src ${address}`).waitFor();
  await button('Make a secret').click();
  await page.getByRole('dialog').getByText('Keep it now on your server').waitFor();
  await button('I kept it').click();
  await button('Replace the secret').waitFor();
});

test('the line to paste is copied', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open('inboxes/web');
  await page.getByRole('button', { name: 'Copy: Line to paste' }).click();
  await page.getByText('Copied').first().waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /widget\.js" data-inbox="web"/);
});

test('WhatsApp: its templates, each with the fault beside it', async () => {
  await open('inboxes/whatsapp');
  assert.match(await page.getByLabel('Webhook address', { exact: true }).textContent(), /^http:\/\/.*\/webhooks\/whatsapp\/demo\/whatsapp$/);
  assert.match(await page.getByLabel('Names of the secrets', { exact: true }).textContent(), /^whatsapp\/whatsapp\/app-secret/);
  await button('Add template').click();
  await field('Name').last().fill('Thank you');
  await field('Approved text').last().fill('Thanks {{1}}');
  await page.getByText('The agent fills in 1 value').waitFor();
  await save();
  await page.getByRole('alert').getByText('Lower-case letters, digits and _, once for each language').waitFor();
  await field('Name').last().fill('thank_you');
  await save();
  await saved();
  assert.ok((await ana.get('/v1/settings/inboxes/whatsapp')).templates.some((t) => t.name === 'thank_you' && t.body === 'Thanks {{1}}'));
});

test('the company: name, zone and hours by day', async () => {
  await open('account');
  await field('Time zone').selectOption('America/Lima');
  await field('Saturday').check();
  await field('Saturday, opens at').fill('10:00');
  await field('Saturday, closes at').fill('09:00');
  await save();
  await page.getByRole('alert').getByText('Each opening ends after it begins').waitFor();
  await field('Saturday, closes at').fill('14:00');
  await button('Monday: another opening').click();
  await button('Monday: the same from Monday to Friday').click();
  await save();
  await saved();
  const kept = await ana.get('/v1/settings/account');
  assert.equal(kept.time_zone, 'America/Lima');
  assert.deepEqual([kept.hours[6], kept.hours[5]], [[{ from: 600, to: 840 }], [{ from: 540, to: 1080 }, { from: 1140, to: 1320 }]]);
});

test('B54: the token of a bot is shown once', async () => {
  await open('bots/new');
  const name = `Robot ${fresh()}`;
  await field('Name').fill(name);
  await field('Inbox').selectOption('web');
  await button('Add bot').click();
  const token = await page.getByRole('dialog').locator('code').innerText();
  assert.equal((await fetch(`${address}/v1/conversations`, { headers: { Authorization: `Bearer ${token}` } })).status, 200);
  await button('I kept it').click();
  await row(name).click();
  await page.getByText('Its token was shown once').waitFor();
  await button('Delete').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`${name} is gone`).waitFor();
});

test('429, 500 and a lost connection are told at the form, and what was typed stays', async () => {
  await open('labels/vip');
  await field('Name').fill('very important');
  for (const [status, body, words] of [
    [429, { error: { code: 'limited', message: 'slow down', request_id: 'r' } }, 'Too much at once: wait a moment.'],
    [500, { error: { code: 'internal', message: 'oops', request_id: 'r' } }, 'Something failed on our side.'],
    [404, { error: { code: 'not_found', message: 'gone', request_id: 'r' } }, 'It is no longer there.'],
    [403, { error: { code: 'forbidden', message: 'no', request_id: 'r' } }, 'You may not do that.'],
    [0, undefined, 'No connection.'],
  ]) {
    await page.route('**/v1/settings/labels/vip', (r) => (status ? r.fulfill({ status, json: body }) : r.abort()));
    await save();
    await page.locator('form').getByText(words).waitFor();
    assert.equal(await field('Name').inputValue(), 'very important');
    await page.unroute('**/v1/settings/labels/vip');
  }
  await button('Discard').click();
});

test('my profile: language at once, each kind of notice switched off', async () => {
  await open('profile');
  await page.getByLabel('Somebody mentions me').uncheck();
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByRole('heading', { name: 'Mi perfil' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'My profile' }).waitFor();
  await page.reload();
  await page.getByLabel('Somebody mentions me').waitFor();
  assert.equal(await page.getByLabel('Somebody mentions me').isChecked(), false);
  await page.getByLabel('Somebody mentions me').check();
});

test('who is no administrator sees his profile, and why not the rest', async () => {
  const luis = await signedIn(browser, 'luis');
  await luis.page.goto(new URL('/settings/inboxes/web', address).href);
  await luis.page.getByText('Only administrators change this').waitFor();
  assert.equal(await luis.page.getByRole('navigation', { name: 'Settings' }).getByRole('link').count(), 1);
  await luis.context.close();
});

test('the first steps: ticked by what is there, sent away for good, for every administrator', async () => {
  await (await customer('web')).write('Hola');
  await open('start');
  await page.getByText('All four steps are taken').waitFor();
  await button('Finish').click();
  await page.locator('#list-title').waitFor();
  await page.getByRole('link', { name: /^First steps/ }).waitFor({ state: 'detached' });
  await until('the account remembers it', async () => (await ana.get('/v1/me')).account.guide_done);
});

test('axe finds nothing, light and dark, on each page', async () => {
  const { page: seen, context: bypassed } = await signedIn(browser, 'ana', { bypassCSP: true, reducedMotion: 'reduce' });
  for (const path of ['start', 'inboxes', 'inboxes/new', 'inboxes/web', 'inboxes/whatsapp', 'departments/sales', 'agents/luis', 'agents/new', 'labels/bug', 'canned/hola', 'account', 'bots/new', 'profile', 'nowhere']) {
    await seen.setViewportSize({ width: 1440, height: 800 });
    await seen.goto(new URL(`/settings/${path}`, address).href);
    await seen.locator('main h1').waitFor();
    await seen.waitForLoadState('networkidle');
    for (const [width, colorScheme] of [[1440, 'light'], [320, 'dark']]) {
      await seen.setViewportSize({ width, height: 800 });
      await seen.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await violations(seen), [], `${path} ${width} ${colorScheme}`);
      assert.ok(await seen.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is wider than ${width}`);
    }
  }
  await bypassed.close();
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));
