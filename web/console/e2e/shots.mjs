// Takes pictures of every screen at three widths, light and dark, in English and Spanish, into shots/ beside this folder.
// Words that are given name the screens that are wanted.
import { startDesk } from '../../widget/flows/desk.mjs';
import { address, launch, listen, signedIn, stop } from './host.mjs';
import { furnish, screens, settings } from './screens.mjs';

const folder = new URL('../shots/', import.meta.url).pathname;
const wanted = process.argv.slice(2);
const wants = (name) => wanted.length === 0 || wanted.includes(name);
const browser = await launch();
const all = await furnish();
const widths = [[1440, 900], [1024, 768], [320, 640]];
let taken = 0;

async function take(page, name, width, language) {
  await page.evaluate(() => document.fonts.ready);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}-${language}.png` });
    taken++;
  }
}

/** The door, a desk that nobody answers any more, and a page that broke. */
async function doors(language) {
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce' });
  const page = await context.newPage();
  for (const [width, height] of widths) {
    await page.setViewportSize({ width, height });
    await page.goto(address);
    await page.locator('main button').waitFor();
    await take(page, 'sign-in', width, language);
  }
  await context.close();
  const { page: alone, context: cut } = await signedIn(browser, 'luis', { language, reducedMotion: 'reduce' });
  await alone.routeWebSocket(/\/live/, (line) => line.close());
  for (const [width, height] of widths) {
    await alone.setViewportSize({ width, height });
    await alone.goto(`${address}/conversations/all/${all.first}`);
    await alone.locator('.ProseMirror').waitFor();
    await alone.getByRole('button', { name: /^(Try now|Reintentar ya)$/ }).waitFor();
    await take(alone, 'offline', width, language);
  }
  await cut.close();
  const { page: own, context: signed } = await signedIn(browser, 'luis', { language, reducedMotion: 'reduce' });
  for (const [width, height] of widths) {
    await own.setViewportSize({ width, height });
    await own.route('**/v1/contacts*', (route) => route.fulfill({ json: { items: [{ id: 'x', created_at: 'never' }] } })); // no time: the page cannot be drawn
    await own.goto(`${address}/contacts`);
    await own.getByRole('alert').waitFor();
    await take(own, 'broken', width, language);
    await own.unroute('**/v1/contacts*');
  }
  await signed.close();
}

/** An empty desk and its first steps. */
async function guide(language) {
  const desk = await startDesk({ account: ['-email', 'eva@new.test', '-person', 'Eva Luna', '-name', 'Nueva'] });
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce' });
  await context.addInitScript((l) => location.protocol.startsWith('http') && localStorage.setItem('relevo.language', JSON.stringify(l)), language);
  const page = await context.newPage();
  listen(page);
  await page.goto(desk.url);
  await page.locator('main button').click();
  await page.getByRole('button', { name: /eva@new.test/ }).click();
  await page.waitForURL(/settings\/start$/); // who leaves before is not signed in
  for (const [name, path] of [['guide', '/settings/start'], ['empty-tickets', '/tickets'], ['empty-contacts', '/contacts'], ['empty-inboxes', '/settings/inboxes']]) {
    await page.goto(desk.url + path);
    await page.locator('nav').first().waitFor();
    await page.locator('h1').first().waitFor();
    for (const [width, height] of widths) {
      await page.setViewportSize({ width, height });
      await take(page, name, width, language);
    }
  }
  await context.close();
  await desk.stop();
}

for (const language of ['en', 'es']) {
  for (const [name, its] of [['luis', screens(all)], ['ana', settings()]]) {
    if (!Object.keys(its).some(wants)) continue;
    const { page, context } = await signedIn(browser, name, { language, reducedMotion: 'reduce' });
    for (const [width, height] of widths) {
      await page.setViewportSize({ width, height });
      for (const [name, [path, ready, leave]] of Object.entries(its)) {
        if (!wants(name)) continue;
        await page.goto(address + path);
        await ready(page);
        await take(page, name, width, language);
        await leave?.(page);
      }
    }
    await context.close();
  }
  if (wants('doors')) await doors(language);
  if (wants('guide')) await guide(language);
}
await browser.close();
await stop();
console.log(`${taken} pictures in ${folder}`);
