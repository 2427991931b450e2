// Takes pictures of every screen at three widths, light and dark, in English and Spanish, into shots/ beside this folder.
// Words that are given name the screens that are wanted.
import { address, launch, signedIn, stop } from './host.mjs';
import { furnish, screens } from './screens.mjs';

const folder = new URL('../shots/', import.meta.url).pathname;
const wanted = process.argv.slice(2);
const browser = await launch();
const first = await furnish();
let taken = 0;

for (const language of ['en', 'es']) {
  const { page, context } = await signedIn(browser, process.env.SHOTS_AGENT ?? 'luis', { language, reducedMotion: 'reduce' });
  for (const [width, height] of [[1440, 900], [1024, 768], [320, 640]]) {
    await page.setViewportSize({ width, height });
    for (const [name, [path, ready, leave]] of Object.entries(screens(first))) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await page.goto(address + path);
      await ready(page);
      await page.evaluate(() => document.fonts.ready);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}-${language}.png` });
        taken++;
      }
      await leave?.(page);
    }
  }
  await context.close();
}
await browser.close();
await stop();
console.log(`${taken} pictures in ${folder}`);
