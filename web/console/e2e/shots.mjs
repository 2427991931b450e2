// Takes pictures of every screen at three widths, light and dark, into shots/ beside this folder, and asks axe about each.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch, signedIn } from './host.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = new URL('../shots/', import.meta.url).pathname;
const tongue = process.env.SHOTS_LANGUAGE ?? 'es';
const sizes = [[1440, 900], [1024, 768], [320, 640]];
const browser = await launch();
const { context, page, faults } = await signedIn(browser, process.env.SHOTS_AGENT ?? 'luis', { bypassCSP: true });
await page.evaluate((l) => localStorage.setItem('relevo.language', JSON.stringify(l)), tongue);
const first = await page.locator('[data-row]').first().getAttribute('data-row').catch(() => null);
let violations = 0;

const screens = {
  list: ['/conversations/mine', async () => page.locator('#list-title').waitFor()],
  thread: [`/conversations/all/${first}`, async () => page.locator('textarea').waitFor()],
  note: [`/conversations/all/${first}`, async () => { await page.locator('textarea').waitFor(); await page.keyboard.press('n'); await page.waitForTimeout(200); }],
  transfer: [`/conversations/all/${first}`, async () => { await page.locator('textarea').waitFor(); await page.keyboard.press('t'); await page.getByRole('dialog').waitFor(); await page.keyboard.press('ArrowRight'); }],
  close: [`/conversations/all/${first}`, async () => { await page.locator('textarea').waitFor(); await page.keyboard.press('e'); await page.getByRole('dialog').waitFor(); }],
  palette: ['/conversations/mine', async () => { await page.locator('#list-title').waitFor(); await page.keyboard.press('Control+k'); await page.getByRole('dialog').waitFor(); }],
  shortcuts: ['/conversations/mine', async () => { await page.locator('#list-title').waitFor(); await page.keyboard.press('?'); await page.getByRole('dialog').waitFor(); }],
  tickets: ['/tickets', async () => page.locator('h1').waitFor()],
  contacts: ['/contacts', async () => page.locator('h1').waitFor()],
  profile: ['/settings/profile', async () => page.locator('h1').waitFor()],
  ...Object.fromEntries((process.env.SHOTS_AGENT === 'ana' ? ['start', 'inboxes', 'inboxes/new', 'inboxes/web', 'inboxes/whatsapp', 'departments/sales', 'agents/luis', 'labels/bug', 'canned/hola', 'account', 'bots/new'] : [])
    .map((path) => [`settings-${path.replace('/', '-')}`, [`/settings/${path}`, async () => page.locator('main h1').waitFor()]])),
  gone: ['/conversations/all/nowhere', async () => page.locator('h2').last().waitFor()],
};

for (const [name, [path, ready]] of Object.entries(screens)) {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await page.goto(new URL(path, page.url()).href);
    await ready();
    await page.waitForTimeout(400);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(100);
      await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}-${tongue}.png` });
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      for (const v of found.violations) {
        violations++;
        console.log(`${name} ${width} ${colorScheme}: ${v.id}: ${v.help}\n    ${v.nodes.slice(0, 2).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ''}`).join('\n    ')}`);
      }
    }
  }
}
await context.close();
await browser.close();
console.log(`${violations} violations; faults: ${JSON.stringify([...new Set(faults)].filter((f) => !f.includes('404')))}`);
process.exit(violations > 0 ? 1 : 0);
