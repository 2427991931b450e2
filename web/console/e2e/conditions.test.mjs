// Bad conditions: what the agent is told beside the thing concerned, and that nothing typed is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, launch, rich, signedIn, stop, talk, typedIn, until } from './host.mjs';

let browser, page, context, faults, visitor, id, ana;
const reply = () => page.getByRole('textbox', { name: 'Reply' });
const thread = () => page.getByRole('log');
const times = async (text) => (await visitor.thread()).messages.filter((m) => m.text === text).length;
const change = (what) => page.evaluate((what) => {
  const key = Object.keys(localStorage).find((k) => k.startsWith('oidc.user:'));
  localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), ...what }));
}, what);

before(async () => {
  browser = await launch();
  ana = await agent('ana');
  await (await agent('luis')).presence('connected');
  ({ page, context, faults } = await signedIn(browser, 'luis'));
  ({ visitor, id } = await talk(page));
  await rich(page);
});

after(async () => {
  await browser?.close();
  await stop();
});

async function say(text) {
  await reply().click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('slow: what was sent shows at once, with a clock', async () => {
  await context.route('**/messages', async (route) => { await new Promise((done) => setTimeout(done, 3000)); await route.continue(); }, { times: 1 });
  await say('On a slow day');
  await thread().getByText('On a slow day').waitFor({ timeout: 1000 });
  await thread().getByText('Sending').waitFor({ timeout: 1000 });
  await thread().getByText('Sending').waitFor({ state: 'detached' });
  assert.equal(await times('On a slow day'), 1);
});

test('429 and 500: it says why it has not gone, and goes later by itself, once', async () => {
  let tried = 0;
  await context.route('**/messages', async (route) => {
    tried++;
    if (route.request().method() !== 'POST' || tried > 2) return route.continue();
    return route.fulfill({ status: tried === 1 ? 429 : 500, contentType: 'application/json', body: JSON.stringify({ error: { code: tried === 1 ? 'limited' : 'internal', message: 'x' } }) });
  });
  await say('Again and again');
  await thread().getByText('Something failed on our side. It is tried again.').waitFor();
  await until('it went', async () => (await times('Again and again')) === 1);
  await thread().getByText('It is tried again.').waitFor({ state: 'detached' });
  await context.unroute('**/messages');
  assert.equal(await times('Again and again'), 1);
});

test('413: it says so, keeps what was typed, and lets go of it', async () => {
  await reply().click();
  await page.keyboard.insertText('x'.repeat(70_000));
  await page.keyboard.press('Enter');
  await thread().getByText('It is too large.').waitFor();
  await thread().getByRole('button', { name: 'Discard' }).click();
  await thread().getByText('It is too large.').waitFor({ state: 'detached' });
});

test('409: who was faster', async () => {
  await context.route(`**/${id}/pending`, async (route) => { await ana.post(`/v1/conversations/${id}/close`, {}); await route.continue(); }, { times: 1 });
  await page.locator('header').getByRole('button', { name: /more/i }).click();
  await page.getByRole('menuitem', { name: /pending/i }).click();
  await page.getByText('Someone was faster: Ana Torres closed it.').waitFor();
  await page.locator('header').getByText('Closed', { exact: true }).waitFor();
  await ana.post(`/v1/conversations/${id}/reopen`, {});
});

test('a session is renewed unseen; once it cannot be, the draft is there after the next sign-in', async () => {
  await change({ expires_at: 1 });
  await say('Renewed');
  await until('it went', async () => (await times('Renewed')) === 1);
  await reply().click();
  await page.keyboard.type('half a thought');
  await change({ expires_at: 1, refresh_token: 'nothing' });
  await page.reload();
  await page.getByRole('alertdialog', { name: 'Your session is over' }).getByRole('button', { name: 'Sign in' }).click();
  await page.locator('button[value="luis@demo.test"], button:has-text("luis")').first().click();
  await page.waitForURL(new RegExp(id));
  await rich(page);
  assert.equal(await typedIn(reply()), 'half a thought');
  await reply().fill('');
});

test('404 and 403: a word and a way on', async () => {
  const at = page.url();
  await page.goto(new URL('/conversations/all/nowhere', at).href);
  await page.getByRole('heading', { name: 'We did not find this conversation' }).waitFor();
  await context.route('**/v1/conversations?*', (route) => route.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify({ error: { code: 'forbidden', message: 'x' } }) }));
  await page.goto(new URL('/conversations/unassigned', at).href);
  await page.getByText('You may not do that.').waitFor();
  await context.unroute('**/v1/conversations?*');
  await page.getByRole('button', { name: 'Try again' }).click({ timeout: 2000 }).catch(() => undefined); // unless it was read again by itself
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('a fault of ours is no blank page', async () => {
  await context.route('**/v1/conversations?*', (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ items: [{ id: 'x', status: 'open', labels: [] }] }) }));
  const before = faults.length;
  await page.reload();
  await page.getByRole('heading', { name: 'Something went wrong here' }).waitFor();
  await context.unroute('**/v1/conversations?*');
  await page.getByRole('alert').getByRole('button').click();
  await page.locator('#list-title').waitFor();
  faults.splice(before); // React tells of it
});

test('what waits to be undone goes out when the page goes away', async () => {
  await page.goto(new URL(`/conversations/all/${id}`, page.url()).href);
  await rich(page);
  await page.keyboard.press('e');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('You closed the conversation').waitFor();
  await page.goto('about:blank');
  await until('it is closed', async () => (await ana.get(`/v1/conversations/${id}`)).conversation.status === 'resolved', 3500);
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));
