// What an agent types: the box that is there at once, the rich one that follows, marks, files, emoji, drafts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, launch, listen, rich, signedIn, stop, talk, typedIn, until } from './host.mjs';

let browser, page, context, faults, visitor;
const reply = () => page.getByRole('textbox', { name: 'Reply' });
const got = (what, check) => until(what, async () => (await visitor.thread()).messages.find(check));

before(async () => {
  browser = await launch();
  await (await agent('luis')).presence('connected');
  ({ page, context, faults } = await signedIn(browser, 'luis'));
  ({ visitor } = await talk(page));
});

after(async () => {
  await browser?.close();
  await stop();
});

test('B23: what was typed before the rich box came is kept, with the caret and the focus', async () => {
  let pass;
  const held = new Promise((done) => { pass = done; });
  await context.route(/RichBox/, async (route) => { await held; await route.continue(); });
  await page.reload();
  await page.locator('textarea').waitFor();
  await page.keyboard.press('r');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.keyboard.type('Good day, **Marta**');
  await page.keyboard.press('Home');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  pass();
  await rich(page);
  await page.keyboard.type(' old');
  assert.equal(await typedIn(reply()), 'Good old day, Marta');
  assert.equal(await page.locator('.ProseMirror strong').innerText(), 'Marta');
  await context.unroute(/RichBox/);
});

test('B24: a draft with its marks survives a reload; Enter sends it, Shift+Enter breaks the line', async () => {
  await page.reload();
  await rich(page);
  assert.equal(await typedIn(reply()), 'Good old day, Marta');
  await reply().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  const m = await got('the reply', (m) => m.text.includes('second line'));
  assert.equal(m.text, 'Good old day, Marta\nsecond line');
  assert.match(m.html, /<strong>Marta<\/strong>/);
  assert.equal(await typedIn(reply()), '');
});

test('bold, italic, code, lists and a link by button and by key', async () => {
  await reply().click();
  await page.keyboard.press('Control+b');
  await page.keyboard.type('bold');
  await page.keyboard.press('Control+b');
  await page.keyboard.type(' and ');
  await page.getByRole('button', { name: 'Italic' }).click();
  await page.keyboard.type('slanted');
  await page.getByRole('button', { name: 'Italic' }).click();
  await page.keyboard.press('Shift+Enter');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await page.keyboard.type('one');
  await page.keyboard.press('Shift+Enter');
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await page.getByRole('textbox', { name: 'Address of the link' }).fill('a.example/x');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'));
  await page.keyboard.press('Enter');
  const m = await got('the reply', (m) => m.text.includes('slanted'));
  assert.match(m.html, /<strong>bold<\/strong> and <em>slanted<\/em>/);
  assert.match(m.html, /<li><p>one<\/p><\/li>/);
  assert.match(m.html, /<a href="https:\/\/a.example\/x"/);
});

test('B24: without "Enter sends", Enter breaks the line and Ctrl+Enter sends', async () => {
  await page.getByRole('checkbox', { name: 'Enter sends' }).uncheck();
  await reply().click();
  await page.keyboard.type('first');
  await page.keyboard.press('Enter');
  await page.keyboard.type('then');
  await page.keyboard.press('Control+Enter');
  await got('both lines', (m) => m.text === 'first\nthen');
  await page.getByRole('checkbox', { name: 'Enter sends' }).check();
});

test('B25: an emoji', async () => {
  await reply().click();
  await page.keyboard.type('fine ');
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('button', { name: '👍' }).click();
  await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'));
  await page.keyboard.press('Enter');
  await got('the emoji', (m) => m.text === 'fine 👍');
});

test('B28: a canned reply is filled with the name, where the caret is', async () => {
  await reply().click();
  await page.keyboard.type('Well, /gra');
  const option = page.getByRole('option').first();
  await option.waitFor();
  await page.keyboard.press('Enter');
  assert.match(await typedIn(reply()), /^Well, /);
  assert.doesNotMatch(await typedIn(reply()), /\/gra|\{/);
  await reply().fill('');
});

test('B26: files dropped and pasted go along, one too large is refused', async () => {
  await drop(page.locator('.ProseMirror'), 'bill.pdf', 'application/pdf', 40_000);
  await page.getByText('bill.pdf').waitFor();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(2000)], 'screen.png', { type: 'image/png' }));
    document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.getByText('screen.png').waitFor();
  await drop(page.locator('.ProseMirror'), 'film.mp4', 'video/mp4', 2 << 20);
  await page.getByRole('alert').filter({ hasText: 'Too large: at most 1 MB' }).waitFor();
  await page.getByText('Not sent yet: a file is missing.').waitFor();
  await page.getByRole('button', { name: 'Send' }).and(page.locator(':disabled')).waitFor();
  await page.getByRole('button', { name: 'Remove film.mp4' }).click();
  await page.getByRole('button', { name: 'Send' }).and(page.locator(':enabled')).click();
  const m = await got('the files', (m) => m.attachments?.length === 2);
  assert.deepEqual(m.attachments.map((a) => a.name).sort(), ['bill.pdf', 'screen.png']);
});

test('B26: a file that is refused stays with the reason: tried again where that may help, or removed', async () => {
  const answer = (code, status) => page.route('**/v1/uploads', (route) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify({ error: { code, message: 'x' } }) }), { times: 1 });
  const chip = (name) => page.locator('[data-fault]', { hasText: name });
  for (const [code, status, why] of [['internal', 500, 'Something failed on our side.'], ['limited', 429, 'Too much at once']]) {
    await answer(code, status);
    await drop(page.locator('.ProseMirror'), `${status}.pdf`, 'application/pdf', 4000);
    await chip(`${status}.pdf`).getByRole('alert').filter({ hasText: why }).waitFor();
    await page.getByRole('button', { name: `Upload ${status}.pdf again` }).click();
    await page.getByRole('button', { name: `Cancel ${status}.pdf` }).waitFor();
    await chip(`${status}.pdf`).waitFor({ state: 'detached' });
  }
  await answer('invalid', 413);
  await drop(page.locator('.ProseMirror'), 'whale.pdf', 'application/pdf', 4000);
  await chip('whale.pdf').getByRole('alert').filter({ hasText: 'It is too large.' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Upload whale.pdf again' }).count(), 0);
  await reply().click();
  await page.keyboard.type('See these');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Enter');
  await page.getByText('Not sent yet: a file is missing.').waitFor();
  assert.match(await typedIn(reply()), /See these/);
  await page.getByRole('button', { name: 'Remove whale.pdf' }).click();
  await page.getByRole('button', { name: 'Send' }).and(page.locator(':enabled')).click();
  const m = await got('both files', (m) => m.attachments?.some((a) => a.name === '500.pdf'));
  assert.deepEqual(m.attachments.map((a) => a.name).sort(), ['429.pdf', '500.pdf']);
});

test('no fault was written to the console', () => assert.deepEqual(faults, []));

async function drop(onto, name, type, size) {
  await onto.evaluate((el, [name, type, size]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(size)], name, { type }));
    for (const kind of ['dragenter', 'dragover', 'drop']) el.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }, [name, type, size]);
}
