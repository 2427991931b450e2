// What the flows and the screenshots need: a desk (RELEVO_DESK names one, else one of its own is started), customers who
// write, agents who sign in.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { chromium as browserPath, flags, startDesk } from '../../widget/flows/desk.mjs';

/** Waits until probe gives something; not so often that the desk asks to come back later. */
export async function until(what, probe, patience = 20_000) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => setTimeout(done, 200))) {
    const found = await probe();
    if (found) return found;
  }
  throw new Error(`waited in vain: ${what}`);
}

const own = process.env.RELEVO_DESK ? undefined : await startDesk();
export const address = process.env.RELEVO_DESK ?? own.url;

/** Stops the desk, if it is ours. */
export const stop = () => own?.stop();

async function post(path, body, token) {
  const answer = await fetch(address + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body ?? {}) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 || answer.status === 202 ? undefined : answer.json();
}

async function get(path, token) {
  const answer = await fetch(address + path, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

let next = 1;
const id = () => `e2e-${Date.now()}-${next++}`;

/** A visitor of an inbox. */
export async function customer(inbox = 'shop', contact) {
  const { token } = await post('/widget/v1/sessions', { inbox });
  if (contact) await fetch(`${address}/widget/v1/contact`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify(contact) });
  const write = (text) => post('/widget/v1/messages', { client_id: id(), text }, token);
  return { token, write, typing: () => post('/widget/v1/typing', { on: true }, token), thread: () => get('/widget/v1/messages', token) };
}

/** What an agent may do without a browser. */
export async function agent(name) {
  const { access_token } = await post('/dev/token', { email: `${name}@demo.test` });
  const call = (path, body) => post(path, body, access_token);
  return { token: access_token, post: call, get: (path) => get(path, access_token), presence: (presence) => fetch(`${address}/v1/me/presence`, { method: 'PUT', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${access_token}` }, body: JSON.stringify({ presence }) }) };
}

export const launch = () => chromium.launch({ executablePath: browserPath, args: flags });

/** A browser's window in which an agent is signed in, by code and PKCE, at the desk's own page. faults: what it complained of. */
export async function signedIn(browser, name, { language = 'en', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'America/Bogota', ...options });
  await context.addInitScript((l) => location.protocol.startsWith('http') && !localStorage.getItem('relevo.language') && localStorage.setItem('relevo.language', JSON.stringify(l)), language);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = listen(page);
  await page.goto(address);
  await page.locator('main button').click();
  await page.locator(`button[value="${name}@demo.test"], button:has-text("${name}")`).first().click();
  await page.locator('#list-title').waitFor();
  return { context, page, faults };
}

/** Gathers what a page writes to the console as errors; what the browser says of requests that were meant to fail is none. */
export function listen(page) {
  const faults = [];
  page.on('console', (m) => { if (m.type() === 'error' && !/^Failed to load resource|^WebSocket connection .*ERR_INTERNET_DISCONNECTED/.test(m.text())) faults.push(m.text()); });
  page.on('pageerror', (e) => faults.push(String(e)));
  return faults;
}

/** What stands in the composer, whichever box it is. */
export const typedIn = (box) => box.evaluate((el) => el.value ?? el.innerText.replace(/\n$/, ''));

/** Waits until the rich box has taken over. */
export const rich = (page) => page.locator('.ProseMirror').waitFor();

/** A message of a customer's, opened by an agent in the console; gives what either needs. */
export async function talk(page, { inbox = 'shop', text = 'Hola', name = `Marta ${fresh()}` } = {}) {
  const visitor = await customer(inbox, { name, email: `marta${fresh()}@example.com` });
  await visitor.write(text);
  const ana = await agent('ana');
  const found = await until('the conversation is listed', async () => (await ana.get('/v1/conversations?view=all&status=open&limit=100')).items.find((c) => c.contact.name === name));
  if (page) {
    await page.goto(new URL(`/conversations/all/${found.id}`, page.url()).href);
    await page.getByRole('log').getByText(text).first().waitFor();
  }
  return { visitor, name, id: found.id };
}

let made = 0;
export const fresh = () => `${Date.now() % 1_000_000}${made++}`;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations that axe finds on what is shown, of all rules or of those named; the page must be opened with bypassCSP. */
export async function violations(page, only) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations === 1).map((a) => a.finished.catch(() => undefined))));
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate((only) => window.axe.run(document, { resultTypes: ['violations'], runOnly: only ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), only);
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 2).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
}
