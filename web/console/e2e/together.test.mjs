// Several at once: two agents on one conversation, two tabs of one agent, a line that was down, transfer by keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, fresh, launch, listen, rich, signedIn, stop, talk, typedIn, until } from './host.mjs';

let browser, luis, ana, id, visitor, name;
const box = (of) => of.page.getByRole('textbox', { name: 'Reply' });
const thread = (of) => of.page.getByRole('log');

before(async () => {
  browser = await launch();
  for (const who of ['luis', 'ana']) await (await agent(who)).presence('connected');
  luis = await signedIn(browser, 'luis');
  ana = await signedIn(browser, 'ana');
  ({ id, visitor, name } = await talk(luis.page));
  await ana.page.goto(luis.page.url());
  await rich(luis.page);
  await rich(ana.page);
});

after(async () => {
  await browser?.close();
  await stop();
});

test('two agents on one conversation see that the other is replying', async () => {
  await box(luis).click();
  await luis.page.keyboard.type('I will');
  await ana.page.getByText('Luis Pérez is replying').waitFor();
  await luis.page.keyboard.type(' look');
  await luis.page.keyboard.press('Enter');
  await thread(ana).getByText('I will look').waitFor();
  await ana.page.getByText('Luis Pérez is replying').waitFor({ state: 'detached' });
});

test('who types while a colleague closes loses no letter, and none becomes a shortcut', async () => {
  const { page } = await signedIn(browser, 'luis');
  const t = await talk(page), words = 'and the sun lets us take all the zebras to the lake early, you see';
  await rich(page);
  const reply = page.getByRole('textbox', { name: 'Reply' });
  await reply.click();
  await page.keyboard.type('before ');
  const closed = (await agent('ana')).post(`/v1/conversations/${t.id}/close`, {});
  await page.keyboard.type(words, { delay: 40 });
  await closed;
  await page.getByText('What you typed is kept').waitFor();
  await page.keyboard.type('!');
  assert.equal(await typedIn(reply), `before ${words}!`);
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.ok(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled());
  await page.locator('section[aria-label]').getByRole('button', { name: 'Reopen' }).last().click();
  await page.getByText('What you typed is kept').waitFor({ state: 'detached' });
  assert.equal(await typedIn(reply), `before ${words}!`);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('log').getByText(`before ${words}!`).waitFor();
  await page.context().close();
});

test('who sends and types on is seen to, also while the customer types and sends', async () => {
  await luis.page.keyboard.type('One');
  await luis.page.keyboard.press('Enter');
  await luis.page.keyboard.type('a'); // told at once: the message may undo it
  await thread(ana).getByText('One', { exact: true }).waitFor();
  await thread(luis).getByText('One', { exact: true }).waitFor();
  await until('one more letter tells again', async () => {
    await luis.page.keyboard.type('b');
    return ana.page.getByText('Luis Pérez is replying').isVisible();
  });
  await visitor.typing();
  await ana.page.getByText(`Luis Pérez is replying · ${name} is typing`).waitFor();
  await visitor.write('Me too');
  await thread(ana).getByText('Me too').waitFor();
  await ana.page.getByText('Luis Pérez is replying', { exact: true }).waitFor();
  await box(luis).fill('');
  await ana.page.getByText('Luis Pérez is replying').waitFor({ state: 'detached' });
});

test('B12: a customer who writes is seen by both; a second tab of one agent hears through the first', async () => {
  const second = await luis.context.newPage();
  const faults = listen(second);
  let sockets = 0;
  second.on('websocket', () => sockets++);
  await second.goto(luis.page.url());
  await rich(second);
  await visitor.write('Are you there?');
  for (const page of [luis.page, ana.page, second]) await page.getByRole('log').getByText('Are you there?').waitFor();
  assert.equal(sockets, 0);
  await luis.page.close();
  await visitor.write('Still there?');
  await second.getByRole('log').getByText('Still there?').waitFor();
  assert.equal(sockets, 1);
  assert.deepEqual(faults, []);
  luis.page = second;
});

test('a tab that slept shows what came meanwhile, without a word', async () => {
  await luis.context.setOffline(true);
  await visitor.write('While you slept');
  await until('it came', async () => (await visitor.thread()).messages.some((m) => m.text === 'While you slept'));
  await luis.context.setOffline(false);
  await luis.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await thread(luis).getByText('While you slept').waitFor();
});

test('B37, B44-B47: transfer by keyboard only', async () => {
  await luis.page.bringToFront();
  await luis.page.keyboard.press('t');
  await luis.page.getByRole('dialog').waitFor();
  assert.equal(await luis.page.getByRole('dialog').getByRole('option', { name: 'Luis Pérez' }).count(), 0);
  await luis.page.keyboard.press('ArrowRight');
  await luis.page.keyboard.type('ana');
  await luis.page.getByRole('dialog').getByRole('option', { name: /Ana Torres/ }).waitFor();
  assert.equal(await luis.page.getByRole('dialog').getByRole('option', { name: 'Luis Pérez' }).count(), 0);
  await luis.page.keyboard.press('Enter');
  await luis.page.keyboard.press('Enter');
  await ana.page.locator('aside').getByText('Ana Torres').first().waitFor();
  await ana.page.goto(new URL('/conversations/mine', ana.page.url()).href);
  await ana.page.locator('[data-row]').first().getByText(name).waitFor();
});

test('older messages come while one scrolls up, to the very first, and what one reads stays in sight', async () => {
  const ines = await agent('luis');
  for (let n = 0; n < 300; n += 20) await Promise.all([...Array(20).keys()].map((i) => ines.post(`/v1/conversations/${id}/messages`, { client_id: `o-${n + i}`, kind: 'note', text: `Note ${n + i}` })));
  await ana.page.goto(new URL(`/conversations/all/${id}`, ana.page.url()).href);
  await rich(ana.page);
  const top = () => ana.page.evaluate(() => { document.querySelector('[role=log]').scrollTop = 0; });
  const seen = await ana.page.evaluate(() => { document.querySelector('[role=log]').scrollTop = 0; return [...document.querySelectorAll('[role=log] [data-index]')].length; });
  assert.ok(seen < 60);
  await until('one does not stay at the top', async () => ana.page.evaluate(() => document.querySelector('[role=log]').scrollTop > 500));
  await until('the first one is there', async () => { await top(); return thread(ana).getByText('Hola', { exact: true }).first().isVisible(); });
});

test('drafts of two conversations stay apart', async () => {
  await ana.page.goto(new URL(`/conversations/all/${id}`, ana.page.url()).href);
  await rich(ana.page);
  await box(ana).click();
  await ana.page.keyboard.type('for Marta');
  const other = await talk(ana.page, { text: 'Good day' });
  await rich(ana.page);
  assert.equal(await typedIn(box(ana)), '');
  await ana.page.goto(new URL(`/conversations/all/${id}`, ana.page.url()).href);
  await rich(ana.page);
  assert.equal(await typedIn(box(ana)), 'for Marta');
  assert.notEqual(other.id, id);
});

test('B8, B44: another department by type-ahead in the details', async () => {
  await ana.page.goto(new URL(`/conversations/all/${id}`, ana.page.url()).href);
  const department = ana.page.locator('aside dt:text-is("Department") + dd button');
  const other = (await department.textContent()) === 'Support' ? 'Sales' : 'Support';
  await department.click();
  await ana.page.getByRole('dialog').getByRole('combobox').waitFor();
  await ana.page.keyboard.type(other.slice(0, 4).toLowerCase());
  await ana.page.keyboard.press('Enter');
  await department.filter({ hasText: other }).waitFor();
});

/** A customer who said who he is by the code in his mail, and wrote; gives the conversation and what he may ask for. */
async function known() {
  const email = `eva${fresh()}@example.com`;
  const ask = async (path, body, token) => {
    const answer = await fetch(`${address}/widget/v1/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined;
  };
  const desk = await agent('ana'), name = fresh();
  const { key: inbox } = await desk.post('/v1/settings/inboxes', { client_id: name, name, channel: 'webchat', department: 'support', language: 'en', ticket_policy: 'optional', portal: { enabled: true, open: true } });
  const { token: nobody } = await ask('sessions', { inbox });
  await ask('identity/code', { email, language: 'en' }, nobody);
  const mails = async () => (await (await fetch(`${address}/mailbox`, { headers: { Accept: 'application/json' } })).json()).items;
  const code = await until('the code is mailed', async () => /\b\d{6}\b/.exec((await mails()).find((m) => m.to === email)?.text ?? '')?.[0]);
  const { secret } = await ask('identity', { email, code }, nobody);
  const { token } = await ask('sessions', { inbox, secret });
  await ask('messages', { client_id: fresh(), text: 'About my pump' }, token);
  const c = await until('it is listed', async () => (await desk.get('/v1/conversations?view=all&status=open&limit=100')).items.find((x) => x.contact.email === email));
  return { id: c.id, ticket: async (subject) => (await desk.post('/v1/tickets', { client_id: fresh(), subject, requester: c.contact.id })).number, propose: (number) => ask(`conversations/${c.id}/ticket`, { number }, token) };
}

test('B80: a ticket that the customer proposes is rejected, another confirmed', async () => {
  const eva = await known(), { page } = ana;
  await page.goto(`${address}/conversations/all/${eva.id}`);
  await rich(page);
  const asked = (number) => page.getByRole('group', { name: `The customer proposes ticket ${number}` });
  const [wrong, right] = [await eva.ticket('An old invoice'), await eva.ticket('The pump is loud')];
  await eva.propose(wrong);
  await asked(wrong).getByText('An old invoice').waitFor();
  await asked(wrong).getByRole('button', { name: 'Reject' }).click();
  await asked(wrong).waitFor({ state: 'detached' });
  await eva.propose(right);
  await asked(right).getByRole('button', { name: 'Confirm' }).click();
  await asked(right).waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Ticket', exact: true }).getByRole('link', { name: 'The pump is loud' }).waitFor();
  await until('the desk linked it', async () => (await (await agent('ana')).get(`/v1/conversations/${eva.id}`)).conversation.ticket === right);
});

test('no fault was written to the console', () => assert.deepEqual([...luis.faults, ...ana.faults], []));
