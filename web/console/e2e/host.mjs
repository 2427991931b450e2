// What the flows and the screenshots need of a desk: customers who write, agents who sign in.
import { chromium } from 'playwright-core';

export const address = process.env.RELEVO_DESK ?? 'http://127.0.0.1:8080';

async function post(path, body, token) {
  const answer = await fetch(address + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body ?? {}) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 || answer.status === 202 ? undefined : answer.json();
}

let next = 1;
const id = () => `e2e-${Date.now()}-${next++}`;

/** A visitor of an inbox. */
export async function customer(inbox = 'shop', contact) {
  const { token } = await post('/widget/v1/sessions', { inbox });
  if (contact) await fetch(`${address}/widget/v1/contact`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify(contact) });
  const write = (text) => post('/widget/v1/messages', { client_id: id(), text }, token);
  return { token, write, typing: () => post('/widget/v1/typing', { on: true }, token), thread: async () => (await fetch(`${address}/widget/v1/messages`, { headers: { Authorization: `Bearer ${token}` } })).json() };
}

/** What an agent may do without a browser. */
export async function agent(name) {
  const { access_token } = await post('/dev/token', { email: `${name}@demo.test` });
  const call = (path, body) => post(path, body, access_token);
  const get = async (path) => (await fetch(address + path, { headers: { Authorization: `Bearer ${access_token}` } })).json();
  return { token: access_token, post: call, get, presence: (presence) => fetch(`${address}/v1/me/presence`, { method: 'PUT', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${access_token}` }, body: JSON.stringify({ presence }) }) };
}

const path = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const launch = () => chromium.launch({ executablePath: path, args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'] });

/** A browser's window in which an agent is signed in, by code and PKCE, at the desk's own page. */
export async function signedIn(browser, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'es-CO', timezoneId: 'America/Bogota', ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (m) => { if (m.type() === 'error') faults.push(m.text()); });
  page.on('pageerror', (e) => faults.push(String(e)));
  await page.goto(address);
  await page.locator('main button').click();
  await page.locator(`button[value="${name}@demo.test"], button:has-text("${name}")`).first().click();
  await page.locator('#list-title').waitFor();
  return { context, page, faults };
}
