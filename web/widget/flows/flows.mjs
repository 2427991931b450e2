// What a customer does, and what he must see. A flow ends well if it throws nothing; errors in the console, requests to
// others and axe's findings fail it too.
import { createServer } from 'node:http';

/** Equal, or a fault that says what. */
const same = (what, got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
};

let serial = 0;
const fresh = () => `flow-${Date.now()}-${++serial}`;

/** The conversation whose customer said so, as otto sees it. */
async function found({ desk, until }, text) {
  const otto = await desk.as('otto');
  const id = await until(`the desk has "${text}"`, async () => {
    for (const { id } of (await otto('GET', '/v1/conversations?view=all&status=open')).items) {
      const { messages } = await otto('GET', `/v1/conversations/${id}`);
      if (messages.some((m) => m.text === text)) return id;
    }
  });
  await otto('POST', `/v1/conversations/${id}/assign`, { agent: 'otto' });
  const path = `/v1/conversations/${id}`;
  return {
    id,
    says: (body) => otto('POST', `${path}/messages`, { client_id: fresh(), ...(typeof body === 'string' ? { text: body } : body) }),
    types: (on) => otto('POST', `${path}/typing`, { on }),
    thread: () => otto('GET', path),
    reads: async () => otto('POST', `${path}/read`, { up_to: (await otto('GET', path)).messages.at(-1).id }),
    closes: () => otto('POST', `${path}/close`, { new_ticket: { client_id: fresh(), subject: 'Molino' } }),
  };
}

/** The whole way, with all its screens. */
async function wholeWay(world, how, words) {
  const me = await world.customer(how), hola = `Hola, ¿el molino Cumbre sirve para prensa francesa? ${fresh()}`;
  await me.look('closed');
  await me.open();
  await me.sees(words.welcome);
  await me.look('start');
  await me.says(hola);
  await me.sees('¡Hola! ¿En qué podemos ayudarte?'); // B13
  const ask = me.frame.getByLabel(words.give).first();
  await ask.waitFor(); // B14
  await me.look('ask');
  await ask.fill('ximena@correo');
  await ask.press('Enter');
  await me.sees(words.noEmail);
  const address = `${fresh()}@correo.com.co`;
  await ask.fill(address);
  await ask.press('Enter');
  await me.sees(`Gracias. Te escribiremos a ${address}`);
  same('the question is gone', await ask.count(), 0);

  const agent = await found(world, hola);
  await agent.types(true);
  await me.sees(words.typing);
  await agent.says({ html: 'Sí sirve: póngalo entre <b>26 y 30</b>. ¿Cuántas tazas prepara?' });
  await me.sees('26 y 30');
  same('bold arrives bold (B27)', await me.frame.getByText('26 y 30').evaluate((el) => getComputedStyle(el).fontWeight), '600');
  await world.until('the answer counts as read', async () => (await agent.thread()).conversation.customer_read);
  await agent.reads();
  await me.frame.locator('.i-checks').first().waitFor();
  await me.look('chat');

  await agent.closes();
  await me.sees(words.closed);
  await me.look('resolved');
  const copy = me.frame.getByRole('textbox', { name: words.email });
  same('the address is known', await copy.inputValue(), address);
  await copy.press('Enter');
  await me.sees(words.copySent); // B76
  await me.look('transcript');
  await world.until('the transcript is in the mailbox (B75)', async () => JSON.stringify(await world.desk.mails()).includes(address));

  await me.frame.getByRole('button', { name: words.another }).click(); // B21
  await me.says('Otra pregunta');
  await me.frame.getByRole('button', { name: words.back }).click();
  await me.sees(words.talks);
  await me.look('home');
  await me.frame.getByRole('button', { name: words.isClosed }).click();
  await me.sees('26 y 30');
}

const es = {
  welcome: 'Escríbenos: te respondemos por aquí.', give: 'Dejar mi correo', noEmail: 'El correo está incompleto', typing: 'Otto Braun está escribiendo', closed: 'La conversación se cerró',
  email: 'Correo', copySent: 'Tu copia se envió', another: 'Empezar otra conversación', back: 'Volver', talks: 'Tus conversaciones', isClosed: /Cerrada/,
};

/** Another site that embeds the desk's inbox with a form, and whose policy allows what docs/widget.md says. */
async function elsewhere(world, lang, theme, need) {
  const policy = `default-src 'none'; script-src ${world.desk.url}; frame-src ${world.desk.url}; require-trusted-types-for 'script'`;
  const site = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy });
    answer.end(`<!doctype html><meta charset=utf-8><html lang="${lang}"><title>x</title><script async src="${world.desk.url}/widget.js" data-inbox="shop" data-theme="${theme}"></script><p>…`);
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', done));
  try {
    const me = await world.customer({ locale: lang, scheme: theme });
    await me.page.goto(`http://127.0.0.1:${site.address().port}/`);
    await me.open();
    await me.frame.getByText(need).waitFor(); // the page's language, not the inbox's
    same('the first field has the focus', await me.frame.locator(':focus').getAttribute('name'), 'who');
    same('theme', await me.frame.locator('html').evaluate((el) => getComputedStyle(el).colorScheme), theme);
    await me.look('strict');
  } finally {
    site.close();
  }
}

export const flows = {
  'B12-B14, B21, B27, B76: from Hola to the transcript': (world) => wholeWay(world, {}, es),
  'the same in the dark, on a phone': (world) => wholeWay(world, { width: 390, scheme: 'dark' }, es),
  'the same at 320 px': (world) => wholeWay(world, { width: 320 }, es),

  async 'B16: the form comes before the chat'(world) {
    const me = await world.customer({ inbox: 'shop', width: 390 }), need = `¿Hay repuestos? ${fresh()}`;
    await me.open();
    await me.frame.getByRole('textbox', { name: 'Nombre' }).fill('Ximena Arboleda');
    await me.frame.getByRole('textbox', { name: 'Correo' }).fill('ximena@correo');
    await me.frame.getByRole('button', { name: 'Empezar' }).click();
    await me.sees('El correo está incompleto');
    await me.frame.getByText('Hace falta').filter({ visible: true }).waitFor();
    same('the first wrong field has the focus', await me.frame.locator(':focus').getAttribute('name'), 'email');
    await me.look('form');
    await me.frame.getByRole('textbox', { name: 'Correo' }).fill('ximena@correo.com.co');
    await me.frame.getByRole('textbox', { name: '¿Qué necesitas?' }).fill(need);
    await me.frame.getByRole('button', { name: 'Empezar' }).click();
    await me.sees(need);
    const { contact } = await (await found(world, need)).thread();
    same('the desk knows him', [contact.name, contact.email], ['Ximena Arboleda', 'ximena@correo.com.co']);
  },

  async 'written offline, it survives a reload and goes out once'(world) {
    const me = await world.customer({ width: 390 }), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    await me.offline(true);
    const lost = `¿Y lo tienen en negro? ${fresh()}`;
    await me.says(lost);
    await me.sees('Sin conexión. Lo enviamos apenas vuelva');
    await me.sees('Esperando conexión');
    await me.look('offline');
    await me.offline(false);
    await me.page.route('**/widget/v1/messages', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await me.page.reload();
    await me.open();
    await me.sees(lost); // it still waits
    await me.page.unroute('**/widget/v1/messages');
    await world.until('it arrives', async () => (await agent.thread()).messages.some((m) => m.text === lost), 40_000);
    same('once', (await agent.thread()).messages.filter((m) => m.text === lost).length, 1);
    await world.until('and is shown once', async () => (await me.frame.getByText(lost).count()) === 1);
  },

  async 'an answer missed while the line was down is shown after it'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    await me.offline(true);
    await agent.says('Mientras tanto');
    await me.offline(false);
    await me.sees('Mientras tanto');
  },

  async 'an answer to the closed panel shows on the button, on the next page too'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    await me.field().press('Escape');
    await me.page.locator('iframe').waitFor({ state: 'hidden' });
    same('the button has the focus', await me.page.evaluate(() => document.activeElement.shadowRoot.activeElement.tagName), 'BUTTON');
    await agent.says('¿Sigue ahí?');
    await me.page.getByRole('button', { name: /Abrir el chat, \d+ sin leer/ }).waitFor();
    await me.look('badge');
    await me.page.reload();
    await me.page.getByRole('button', { name: /Abrir el chat, \d+ sin leer/ }).click();
    await me.sees('¿Sigue ahí?');
    await me.page.getByRole('button', { name: 'Abrir el chat', exact: true }).waitFor();
  },

  async 'files go along, with a word when they cannot'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    await me.frame.locator('input[type=file]').setInputFiles([
      { name: 'factura.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(50_000, 65) },
      { name: 'todo.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2 << 20) },
    ]);
    await me.sees('El archivo es muy grande');
    await me.look('files');
    await me.frame.getByRole('button', { name: 'Quitar todo.bin' }).click();
    await me.frame.getByRole('button', { name: 'Enviar' }).and(me.frame.locator('[aria-disabled=false]')).click();
    const link = me.frame.getByRole('link', { name: /factura.pdf/ });
    await link.waitFor();
    same('its size', (await fetch(await link.getAttribute('href')).then((r) => r.arrayBuffer())).byteLength, 50_000);
    same('the agent has it', (await agent.thread()).messages.flatMap((m) => m.attachments ?? []).length, 1);
  },

  async 'a face, by keyboard'(world) {
    const me = await world.customer({ width: 320 });
    await me.open();
    await me.field().fill('Hola ');
    await me.frame.getByRole('button', { name: 'Emoji' }).click();
    await me.frame.getByRole('button', { name: '👍' }).waitFor();
    await me.look('faces');
    await me.page.keyboard.press('Escape');
    await me.page.locator('iframe').waitFor(); // only the faces closed
    await me.frame.getByRole('button', { name: 'Emoji' }).click();
    await me.frame.getByRole('button', { name: '👍' }).press('Enter');
    same('text', await me.field().inputValue(), 'Hola 👍');
  },

  async 'the focus stays in the panel'(world) {
    const me = await world.customer();
    await me.open();
    await me.field().waitFor();
    for (let n = 0; n < 12; n++) {
      await me.page.keyboard.press('Tab');
      same('the focus', await me.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.tagName), 'IFRAME');
    }
  },

  async 'the host page opens, closes and tells who it is'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    await me.page.evaluate(() => {
      relevo('identify', { name: 'Carla Duarte', email: 'carla@example.com', admin: 'yes' });
      relevo('open');
    });
    await me.says(hola);
    const { contact } = await (await found(world, hola)).thread();
    same('contact', [contact.name, contact.email, contact.page?.endsWith('/demo?inbox=web')], ['Carla Duarte', 'carla@example.com', true]);
    await me.page.evaluate(() => relevo('close'));
    await me.page.locator('iframe').waitFor({ state: 'hidden' });
    same('cookies', await me.context.cookies(), []);
    same('kept by the host page of another origin: the colour', await me.page.evaluate(() => localStorage['relevo.web']), '#5b3a2a');
  },

  'a page of another site under a strict policy, in Portuguese': (world) => elsewhere(world, 'pt-BR', 'dark', 'Do que você precisa?'),
  'the same in English': (world) => elsewhere(world, 'en-GB', 'light', 'What can we do for you?'),
};
