// What is seen: three languages, light and dark, 320 px, and axe without violations on every screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, launch, signedIn, stop, violations } from './host.mjs';
import { furnish, screens } from './screens.mjs';

let browser, all;

before(async () => {
  browser = await launch();
  all = await furnish();
});

after(async () => {
  await browser?.close();
  await stop();
});

for (const [width, height, modes] of [[1440, 900, ['light', 'dark']], [320, 640, ['light']]]) {
  test(`axe finds nothing on any screen at ${width} px, ${modes.join(' and ')}`, async () => {
    const { page, context, faults } = await signedIn(browser, 'luis', { bypassCSP: true, viewport: { width, height }, reducedMotion: 'reduce' });
    const found = [];
    for (const [name, [path, ready, leave]] of Object.entries(screens(all))) {
      await page.goto(address + path);
      await ready(page);
      for (const colorScheme of modes) {
        await page.emulateMedia({ colorScheme }); // only contrast differs between the two
        found.push(...(await violations(page, colorScheme === 'dark' ? ['color-contrast'] : undefined)).map((v) => `${name} ${colorScheme}: ${v}`));
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the page at ${width}`);
      }
      await leave?.(page);
    }
    assert.deepEqual(found, []);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

for (const [language, mine, tag] of [['en', 'Mine', 'en'], ['es', 'Mías', 'es'], ['pt-BR', 'Minhas', 'pt-BR']]) {
  test(`the page speaks ${language}, every word of it`, async () => {
    const { page, context } = await signedIn(browser, 'luis', { language });
    assert.equal(await page.evaluate(() => document.documentElement.lang), tag);
    assert.equal(await page.locator('#list-title').innerText(), mine);
    await page.goto(`${address}/conversations/all/${all.first}`);
    await page.locator('.ProseMirror').waitFor();
    assert.deepEqual(await page.evaluate(() => (document.body.innerText.match(/\b[a-z]+\.[a-z]+[A-Za-z.]*\b/g) ?? []).filter((w) => !/@|example|com$|test$|pdf$/.test(w))), []); // a key in place of its word
    await context.close();
  });
}

test('a message that was not delivered says so and can be sent again, also when others follow it', async () => {
  const { page, context } = await signedIn(browser, 'luis');
  await page.goto(`${address}/conversations/all/${all.every}`);
  const log = page.getByRole('log');
  await log.getByText('Mañana pasa la transportadora').waitFor();
  await log.getByText(/^Not delivered/).waitFor();
  await log.getByRole('button', { name: 'Try again' }).waitFor();
  await context.close();
});

test('320 px: list and thread are two screens, and the back button leads back', async () => {
  const { page, context } = await signedIn(browser, 'luis', { viewport: { width: 320, height: 640 } });
  await page.locator('[data-row]').filter({ hasText: 'Valentina' }).click();
  await page.locator('.ProseMirror').waitFor();
  assert.equal(await page.locator('#list-title').isVisible(), false);
  await page.getByRole('link', { name: /back/i }).click();
  await page.locator('#list-title').waitFor();
  await context.close();
});

for (const [language, name] of [['es', 'Agregar nota'], ['pt-BR', 'Adicionar nota']]) {
  test(`320 px: nothing of a private note is cut in ${language}`, async () => {
    const { page, context } = await signedIn(browser, 'luis', { language, viewport: { width: 320, height: 640 } });
    await page.goto(`${address}/conversations/all/${all.first}`);
    await page.locator('.ProseMirror').waitFor();
    await page.keyboard.press('n');
    const add = page.getByRole('button', { name });
    await add.waitFor();
    assert.ok(await add.evaluate((el) => el.getBoundingClientRect().right <= innerWidth), `${name} is cut`);
    await context.close();
  });
}
