// One way through the desk that is deployed to an emulator, in a browser: sign-in at the user pool's own page by code and
// PKCE, a customer's message answered, the conversation closed. localstack/e2e.sh runs it; RELEVO_DESK is the front.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, customer, agent, fresh, launch, listen, until } from './host.mjs';

const patience = 120_000; // ms: on an emulator every change of the table waits for those before it

test('sign-in by code and PKCE, one reply and one close on the deployed stack', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'America/Bogota' });
    await page.addInitScript(() => location.protocol.startsWith('http') && localStorage.setItem('relevo.language', JSON.stringify('en')));
    page.setDefaultTimeout(patience);
    const faults = listen(page), asked = [];
    page.on('request', (r) => asked.push(r));
    await page.goto(address);
    await page.locator('main button').click();
    await page.locator('input[name="username"]').fill('ana@demo.test');
    await page.locator('input[name="password"]').fill('correct horse battery staple 1');
    await page.locator('input[name="password"]').press('Enter');
    await page.locator('#list-title').waitFor();
    const opened = new URL(asked.find((r) => r.url().includes('/oauth2/authorize')).url()).searchParams;
    assert.deepEqual([opened.get('response_type'), opened.get('code_challenge_method')], ['code', 'S256']);
    const bought = new URLSearchParams(asked.find((r) => r.url().includes('/oauth2/token')).postData());
    assert.ok(bought.get('code') && bought.get('code_verifier'), 'the code is exchanged with its verifier');

    const name = `Marta ${fresh()}`;
    const visitor = await customer('shop', { name, email: `marta${fresh()}@example.com` });
    await visitor.write('¿Tienen filtros?');
    const ana = await agent('ana');
    const found = await until('the conversation is listed', async () => (await ana.get('/v1/conversations?view=all&status=open&limit=100')).items.find((c) => c.contact.name === name), patience);
    await page.goto(new URL(`/conversations/all/${found.id}`, address).href);
    const thread = page.getByRole('log');
    await thread.getByText('¿Tienen filtros?').first().waitFor();

    const reply = page.getByRole('textbox', { name: 'Reply' });
    await page.keyboard.press('r');
    await reply.fill('Sí, en tres tamaños');
    await page.keyboard.press('Enter');
    await thread.getByText('Sí, en tres tamaños').waitFor();
    await until('the customer has the reply', async () => (await visitor.thread()).messages.some((m) => m.text === 'Sí, en tres tamaños'), patience);

    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await page.getByLabel(/Subject/).fill('Filters');
    await page.getByLabel('Summary').fill('told the sizes');
    await page.keyboard.press('Control+Enter');
    await page.getByText('You closed the conversation').waitFor();
    await until('the customer sees that it is closed', async () => (await visitor.thread()).conversation.status === 'resolved', patience);
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
});
