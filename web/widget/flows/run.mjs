// The customer's flows in a real browser against a desk of their own, each named by its row; axe on every screen, and with
// --shots its pictures in shots/ (wide, 390 and 320 px, light and dark, three languages).
// RELEVO names the binary (../../bin/relevo), CHROMIUM the browser.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium as browsers } from 'playwright-core';
import { chromium, flags, startDesk, until } from './desk.mjs';
import { flows } from './flows.mjs';
import { tickets } from './tickets.mjs';

if (!chromium) {
  console.log('No Chromium or Chrome is here (CHROMIUM names one): the flows of the widget were not run.');
  process.exit(process.env.CI ? 1 : 0);
}
const shots = process.argv.includes('--shots') && new URL('../shots/', import.meta.url).pathname;
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
if (shots) mkdirSync(shots, { recursive: true });

const desk = await startDesk();
const ana = await desk.as('ana'), { name, email, role, departments, language } = (await ana('GET', '/v1/agents')).items.find((a) => a.id === 'otto');
await ana('PUT', '/v1/settings/agents/otto', { name, email, role, departments, language, capacity: 100 }); // he answers in every flow
const browser = await browsers.launch({ executablePath: chromium, args: flags });
const faults = [];

/** A customer in a browser of his own; opens the shop. */
async function customer({ width = 1440, scheme = 'light', inbox = 'web', locale = 'es-CO', name = '' } = {}) {
  const phone = width < 480;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 800 : 900 }, locale, timezoneId: 'America/Bogota', colorScheme: scheme, hasTouch: phone, isMobile: phone, bypassCSP: false,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  let quiet = false;
  page.on('pageerror', (e) => faults.push(`${name}: ${e.message}`));
  page.on('console', (m) => m.type() === 'error' && !quiet && faults.push(`${name}: ${m.text()}`));
  page.on('request', (r) => new URL(r.url()).hostname === '127.0.0.1' || r.url().startsWith('data:') || faults.push(`${name}: a request to ${r.url()}`));
  await page.goto(`${desk.url}/demo?inbox=${inbox}`);
  const frame = page.frameLocator('iframe');
  const me = {
    page, context, frame,
    open: () => page.getByRole('button', { name: /chat/i }).click(),
    field: () => frame.locator('.write textarea'),
    async says(text) {
      await me.field().fill(text);
      await me.field().press('Enter');
      await frame.getByText(text, { exact: true }).waitFor();
    },
    sees: (text) => frame.getByText(text).first().waitFor(),
    quietly: () => void (quiet = true),
    async offline(on) {
      quiet = true; // the browser itself complains of what it cannot load
      await context.setOffline(on);
    },
    /** Looks at the screen: axe finds nothing, and a picture is taken. */
    async look(screen) {
      await page.evaluate(() => document.fonts.ready);
      const chat = page.frames().find((f) => f.url().includes('/widget/'));
      if (chat) {
        await chat.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations === 1).map((a) => a.finished.catch(() => undefined)))); // one that is taken off its element is rejected
        await chat.evaluate(`${axe}; 0`).catch(async () => chat.evaluate((code) => (0, eval)(code), axe));
        const { violations } = await chat.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const v of violations) faults.push(`${name}, ${screen}: axe ${v.id} at ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
      }
      if (shots) await page.screenshot({ path: `${shots}${screen}-${width}-${scheme}-${locale.slice(0, 2)}.png` });
    },
    close: () => context.close(),
  };
  return me;
}

/** Runs a flow; gives what it found wrong, or nothing. */
async function wrong(name, flow) {
  const open = [];
  try {
    await flow({ desk, until, customer: async (how) => (open.push(await customer({ name, ...how })), open.at(-1)) });
    return faults.splice(0).join('\n');
  } catch (e) {
    if (shots && open.at(-1)) await open.at(-1).page.screenshot({ path: `${shots}failed.png` });
    return [e.message, ...faults.splice(0)].join('\n');
  } finally {
    await Promise.all(open.map((c) => c.close()));
  }
}

const mercy = 2; // flows that may run again in one run; more of them is no accident
let failed = 0, again = 0;
for (const [name, flow] of Object.entries({ ...flows, ...tickets })) {
  if (only.length && !only.some((word) => name.includes(word))) continue;
  const began = Date.now();
  let found = await wrong(name, flow);
  if (found && process.env.CI && again++ < mercy) {
    console.log(`AGAIN ${name}: ${found}`); // a machine of CI may stand still for seconds: what fails twice is broken
    found = await wrong(name, flow);
  }
  if (found) failed++;
  console.log(found ? `FAIL  ${name}: ${found}` : `ok    ${name} (${Date.now() - began} ms)`);
}
await browser.close();
await desk.stop();
process.exitCode = failed ? 1 : 0;
