// What a customer does, and what he must see. A flow ends well if it throws nothing; errors in the console, requests to
// others and axe's findings fail it too.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

/** Equal, or a fault that says what. */
export const same = (what, got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
};

let serial = 0;
export const fresh = () => `flow-${Date.now()}-${++serial}`;

/** The conversation whose customer said so, as otto sees it. */
export async function found({ desk, until }, text) {
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
    deletes: (message) => otto('DELETE', `${path}/messages/${message}`),
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

/** An inbox of its own; gives it, and the administrator's way to the desk. */
export async function inbox({ desk }, settings) {
  const ana = await desk.as('ana'), name = fresh();
  return [await ana('POST', '/v1/settings/inboxes', { client_id: name, name, channel: 'webchat', department: 'support', language: 'es', ticket_policy: 'optional', ...settings }), ana];
}

/** What a browser asked of the desk, by path. */
export const paths = (page) => {
  const all = [];
  page.on('request', (r) => all.push(new URL(r.url()).pathname));
  return all;
};

/** Another site that embeds the desk's inbox with a form, and whose policy allows what docs/widget.md says: only the loader
 *  comes before the chat is opened, and then one script and one language. */
async function elsewhere(world, lang, theme, need) {
  const policy = `default-src 'none'; script-src ${world.desk.url}; frame-src ${world.desk.url}; require-trusted-types-for 'script'`;
  const site = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy });
    answer.end(`<!doctype html><meta charset=utf-8><html lang="${lang}"><title>x</title><script async src="${world.desk.url}/widget.js" data-inbox="shop" data-theme="${theme}"></script><p>…`);
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', done));
  try {
    const me = await world.customer({ locale: lang, scheme: theme });
    await me.page.goto('about:blank');
    const asked = paths(me.page);
    await me.page.goto(`http://127.0.0.1:${site.address().port}/`, { waitUntil: 'networkidle' });
    same('before it is opened', asked, ['/', '/widget.js']);
    await me.open();
    await me.frame.getByText(need).waitFor(); // the page's language, not the inbox's
    same('the first field has the focus', await me.frame.locator(':focus').getAttribute('name'), 'who');
    same('theme', await me.frame.locator('html').evaluate((el) => getComputedStyle(el).colorScheme), theme);
    await me.look('strict');
    const files = asked.filter((path) => path.startsWith('/widget/') && !path.startsWith('/widget/v1/'));
    same('the files of the chat', files.map((path) => path.replace(/-[\w-]{6}\./, '.')), ['/widget/', '/widget/assets/index.js', `/widget/assets/${lang.slice(0, 2)}.json`]);
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
    await me.frame.locator('.mine').getByText('Sin conexión').waitFor();
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

  async 'files go along with their progress, can be taken back, and say when they cannot'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    let held;
    await me.page.route('**/uploads', (route) => void (held = route)); // it stays under way
    await me.frame.locator('input[type=file]').setInputFiles([{ name: 'lento.txt', mimeType: 'text/plain', buffer: Buffer.alloc(9000, 65) }]);
    await me.frame.getByRole('progressbar', { name: 'lento.txt' }).waitFor();
    await world.until('the bytes are on their way', () => held);
    await me.look('uploading');
    await me.frame.getByRole('button', { name: 'Quitar lento.txt' }).click();
    same('it is gone', await me.frame.getByText('lento.txt').count(), 0);
    await me.page.unroute('**/uploads');
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

  async 'what is refused says why beside it, and goes when it is tried again'(world) {
    const me = await world.customer({ width: 320, scheme: 'dark' }), hola = `Hola ${fresh()}`;
    me.quietly(); // the browser itself complains of every refusal
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola), refusals = { 403: 'No está permitido', 429: 'Demasiado a la vez: espera un momento', 500: 'Algo falló de nuestro lado' };
    let status = 403;
    const refuse = (route) => (route.request().method() === 'POST' ? route.fulfill({ status, json: { error: { code: 'x', message: 'x' } } }) : route.fallback());
    const chip = me.frame.locator('.files li'), again = me.frame.getByRole('button', { name: 'Reintentar' });

    await me.page.route('**/widget/v1/uploads', refuse);
    await me.frame.locator('input[type=file]').setInputFiles({ name: 'factura.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(50_000, 65) });
    for (const [code, reason] of Object.entries(refusals)) {
      status = +code;
      if (status > 403) await again.click();
      await chip.filter({ hasText: 'factura.pdf' }).filter({ hasText: reason }).waitFor();
    }
    await me.look('refused-file');
    await me.page.unroute('**/widget/v1/uploads');
    await me.field().fill('Va la factura');
    await again.click();
    await me.frame.getByRole('button', { name: 'Enviar' }).and(me.frame.locator('[aria-disabled=false]')).waitFor();
    await me.frame.locator('input[type=file]').setInputFiles(Array.from({ length: 10 }, (_, n) => ({ name: `${n}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') })));
    await chip.filter({ hasText: '9.txt' }).filter({ hasText: 'Máximo 10 archivos' }).waitFor();
    for (let n = 9; n >= 0; n--) await me.frame.getByRole('button', { name: `Quitar ${n}.txt` }).click();

    await me.page.route('**/widget/v1/messages', refuse);
    status = 429; // it is tried again by itself
    await me.field().press('Enter');
    await me.sees(refusals[429]);
    await me.look('late');
    status = 403;
    await me.sees(refusals[403]);
    await me.look('refused');
    await me.page.unroute('**/widget/v1/messages');
    await again.click();
    await me.frame.getByRole('link', { name: /factura.pdf/ }).waitFor();
    const sent = (await agent.thread()).messages.filter((m) => m.text && m.author.kind === 'customer');
    same('what the desk has', sent.map((m) => [m.text, m.attachments?.length ?? 0]), [[hola, 0], ['Va la factura', 1]]);
  },

  async 'who of the desk types is seen, each of them'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola), ana = await world.desk.as('ana');
    const types = (on) => ana('POST', `/v1/conversations/${agent.id}/typing`, { on });
    await agent.types(true);
    await me.sees('Otto Braun está escribiendo');
    await types(true);
    await me.sees(/Otto Braun está escribiendo · Ana .* está escribiendo/);
    await me.look('two-type');
    await types(false);
    await me.frame.getByText(/Ana .* está escribiendo/).waitFor({ state: 'detached' });
    await me.sees('Otto Braun está escribiendo');
  },

  async 'what was deleted is said to be so, and a file has its name'(world) {
    const [{ key }] = await inbox(world), me = await world.customer({ inbox: key }), hola = `Hola ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola), m = await agent.says('Un error');
    await me.sees('Un error');
    await agent.deletes(m.id);
    await me.sees('Mensaje eliminado');
    await me.frame.getByRole('button', { name: 'Volver' }).click();
    await me.frame.getByRole('button', { name: /Mensaje eliminado/ }).waitFor();
    await me.look('deleted');
    await me.frame.getByRole('button', { name: 'Seguir la conversación' }).click();
    await me.frame.locator('input[type=file]').setInputFiles({ name: 'factura.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(500, 65) });
    await me.frame.getByRole('button', { name: 'Enviar' }).and(me.frame.locator('[aria-disabled=false]')).click();
    await me.frame.getByRole('link', { name: /factura.pdf/ }).waitFor();
    await me.frame.getByRole('button', { name: 'Volver' }).click();
    await me.frame.getByRole('button', { name: /Tú: factura.pdf/ }).waitFor();
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
    same('kept by the host page of another origin: the colour', await me.page.evaluate(() => localStorage['relevo.web']), '--c:#5b3a2a');
  },

  async 'B15: a campaign shows above the button to who has not written'(world) {
    const message = '¿Dudas entre la Pro y la Mini? Te ayudamos a escoger en dos minutos.';
    const [{ key }] = await inbox(world, { campaign: { enabled: true, message, after_seconds: 1, page: '/demo' } });
    const me = await world.customer({ inbox: key });
    await me.sees(message);
    await me.page.locator('iframe').waitFor(); // it is seen
    await me.look('campaign');
    await me.frame.getByRole('button', { name: 'Quitar este mensaje' }).click();
    await me.page.locator('iframe').waitFor({ state: 'hidden' });
    await me.open();
    await me.field().waitFor();
    await me.page.reload({ waitUntil: 'networkidle' });
    same('dismissed', await me.page.locator('iframe').isVisible(), false);

    const other = await world.customer({ inbox: key, width: 320, scheme: 'dark' }), hola = `Hola ${fresh()}`;
    await other.frame.getByText(message).click({ timeout: 15_000 }); // opens the chat
    await other.look('campaign-opened');
    await other.says(hola);
    await found(world, hola);
    await other.page.reload({ waitUntil: 'networkidle' });
    same('never to who has written', await other.page.locator('iframe').isVisible(), false);
  },

  async 'B71: the survey comes with the close, and the desk has the answer'(world) {
    const [{ key }] = await inbox(world, { survey: true });
    for (const how of [{ inbox: key }, { inbox: key, width: 320, scheme: 'dark' }]) {
      const me = await world.customer(how), hola = `Hola ${fresh()}`;
      await me.open();
      await me.says(hola);
      const agent = await found(world, hola);
      await agent.closes();
      await me.frame.getByRole('group', { name: '¿Cómo te fue?' }).or(me.frame.getByRole('radiogroup', { name: '¿Cómo te fue?' })).waitFor();
      await me.look('survey');
      await me.frame.getByRole('radio', { name: '4 / 5' }).press('Space');
      await me.frame.getByLabel('¿Qué te gustó o qué faltó?').fill('Muy rápido');
      await me.frame.getByRole('button', { name: 'Enviar' }).first().click();
      await me.sees('Gracias por tu respuesta');
      await me.look('thanks');
      const { survey } = (await agent.thread()).conversation;
      same('the desk has it', [survey.rating, survey.comment], [4, 'Muy rápido']);
      await me.page.reload();
      await me.open();
      await me.frame.getByRole('button', { name: 'Cerrada' }).click();
      await me.sees('Gracias por tu respuesta'); // asked once
    }
  },

  async 'a signed visitor is himself in every browser, one without a proof stays anonymous'(world) {
    const [{ id, key }, ana] = await inbox(world, { side: 'start' });
    const { secret } = await ana('POST', `/v1/settings/inboxes/${id}/identity-secret`);
    const who = { user_id: fresh(), email: 'carla@example.com', name: 'Carla Duarte' };
    const signed = { ...who, hash: createHmac('sha256', secret).update([who.user_id, who.email, who.name].join('\n')).digest('hex') };
    const first = await world.customer({ inbox: key }), hola = `Hola ${fresh()}`;
    await first.page.evaluate((about) => relevo('identify', about), signed);
    await first.open();
    await first.says(hola);
    await first.look('start-side');
    const { x } = await first.page.getByRole('button', { name: /chat/i }).boundingBox();
    same('the button stands at the start', x < 100, true);
    const { contact } = await (await found(world, hola)).thread();
    same('contact', [contact.name, contact.email], [who.name, who.email]);
    const second = await world.customer({ inbox: key });
    await second.page.evaluate((about) => (relevo('identify', about), relevo('open')), signed);
    await second.sees(hola);
    const third = await world.customer({ inbox: key });
    third.quietly(); // the browser itself complains of the refusal
    await third.page.evaluate((about) => (relevo('identify', { ...about, hash: '00' }), relevo('open')), signed);
    await third.field().waitFor();
    same('he sees nothing of hers', await third.frame.getByText(hola).count(), 0);
    const anonymous = `Hola ${fresh()}`;
    await third.says(anonymous);
    await found(world, anonymous);
  },

  async 'one after the other on one page: each has his own words, typed and sent'(world) {
    const [{ id, key }, ana] = await inbox(world), { secret } = await ana('POST', `/v1/settings/inboxes/${id}/identity-secret`);
    const signed = (name) => {
      const who = { user_id: fresh(), email: `${fresh()}@example.com`, name };
      return { ...who, hash: createHmac('sha256', secret).update([who.user_id, who.email, who.name].join('\n')).digest('hex') };
    };
    const me = await world.customer({ inbox: key, width: 320, scheme: 'dark' }), hola = `Hola ${fresh()}`, carla = signed('Carla Duarte');
    const is = (about) => me.page.evaluate((about) => relevo('identify', about), about);
    const typed = (text) => world.until(`"${text}" is typed`, async () => (await me.field().inputValue({ timeout: 1000 })) === text);
    await me.open();
    await me.field().fill('como invitada');
    await is(carla);
    await typed('como invitada'); // she is the guest
    await me.field().fill('');
    await me.says(hola);
    await found(world, hola);
    await me.field().fill('la clave de Carla');
    await is(signed('Bruno Gil'));
    await typed('');
    same('he sees nothing of hers', await me.frame.getByText(hola).count(), 0);
    await me.look('the-next');
    const his = `Soy otro ${fresh()}`;
    await me.says(his);
    same('whose it is', (await (await found(world, his)).thread()).contact.name, 'Bruno Gil');
    await is({ user_id: '' }); // he signs out
    await typed('');
    same('nobody sees nothing', await me.frame.getByText(his).count(), 0);
    const nobodys = `Nadie ${fresh()}`;
    await me.says(nobodys);
    same('nothing that the page told of them', (await (await found(world, nobodys)).thread()).contact.email ?? '', '');
    await is(carla);
    await me.sees(hola);
    await typed('la clave de Carla');
  },

  async 'two tabs have a draft each, and send no other'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`, a = `una ${fresh()}`, b = `otra ${fresh()}`;
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    const other = await me.context.newPage(), field = other.frameLocator('iframe').locator('.write textarea');
    other.setDefaultTimeout(20_000);
    await other.goto(me.page.url());
    await other.getByRole('button', { name: /chat/i }).click();
    await me.field().fill(a);
    await field.fill(b);
    await field.press('Enter');
    await me.sees(b);
    await me.page.reload(); // what was typed here is kept, though the other tab sent its own
    await me.open();
    same('still typed', await me.field().inputValue(), a);
    await me.field().press('Enter');
    await me.sees(a);
    const sent = async () => (await agent.thread()).messages.filter((m) => m.text && m.author.kind === 'customer').map((m) => m.text);
    await world.until('the desk has both', async () => (await sent()).length > 2);
    same('what was sent', await sent(), [hola, b, a]);
  },

  async 'tabs share one line, and hear through it when its owner goes'(world) {
    const me = await world.customer(), hola = `Hola ${fresh()}`;
    let lines = 0;
    me.context.on('page', (page) => page.on('websocket', () => lines++));
    me.page.on('websocket', () => lines++);
    await me.open();
    await me.says(hola);
    const agent = await found(world, hola);
    const other = await me.context.newPage(), tab = other.frameLocator('iframe');
    await other.goto(me.page.url());
    await other.getByRole('button', { name: /chat/i }).click();
    await tab.getByText(hola).first().waitFor();
    await agent.says('Con gusto');
    await tab.getByText('Con gusto').waitFor();
    await me.sees('Con gusto');
    same('lines', lines, 1);
    await me.page.close();
    await world.until('the other tab takes the line over', () => lines === 2);
    await agent.says('¿Algo más?');
    await tab.getByText('¿Algo más?').waitFor();
  },

  async 'out of hours it says when somebody is back'(world) {
    const [{ key }, ana] = await inbox(world, { reply_time: 'minutes' });
    const { version: _, ...account } = await ana('GET', '/v1/settings/account'), soon = new Date(Date.now() + 26 * 3600_000).getUTCDay();
    const set = (hours) => ana('PUT', '/v1/settings/account', { ...account, time_zone: 'UTC', hours });
    try {
      await set(account.hours.map(() => []));
      const now = await world.customer({ inbox: key });
      await now.open();
      await now.sees('Solemos responder en minutos');
      await set(account.hours.map((_, day) => (day === soon ? [{ from: 480, to: 540 }] : [])));
      const me = await world.customer({ inbox: key, width: 320 });
      await me.open();
      await me.sees(/Volvemos el /);
      await me.look('away');
    } finally {
      await ana('PUT', '/v1/settings/account', account);
    }
  },

  async 'the stand-in draws as Preact does'(world) {
    const me = await world.customer();
    const sources = [new URL('../src/preact.js', import.meta.url).pathname, createRequire(import.meta.url).resolve('preact')].map((file) => readFileSync(file, 'utf8'));
    await me.page.goto('about:blank');
    const drawn = await me.page.evaluate(async (sources) => {
      const both = await Promise.all(sources.map((source) => import(`data:text/javascript,${encodeURIComponent(source)}`)));
      let seed = 7;
      const any = (n) => (seed = (seed * 48271) % 2147483647) % n;
      /** A tree as data: texts, nothings, lists, elements with attributes, functions; keyed ones in any order. */
      const tree = (depth) => {
        const kind = any(depth ? 8 : 3);
        if (kind < 3) return [`t${any(4)}`, null, any(9)][kind];
        if (kind === 3) return Array.from({ length: any(4) }, () => tree(depth - 1));
        const kids = Array.from({ length: any(4) }, () => tree(depth - 1));
        const keyed = [...'abcde'].filter(() => any(2)).sort(() => any(3) - 1).map((key) => ({ tag: 'li', props: { key, class: key }, kids: [key] }));
        return { tag: ['p', 'b', 'svg', 'fn', 'ul'][kind - 4 + any(2)] ?? 'p', props: { class: any(2) ? `c${any(3)}` : undefined, id: any(2) ? 'x' : null, hidden: !any(3), 'aria-label': any(2) ? `l${any(3)}` : undefined }, kids: any(2) ? keyed : kids };
      };
      const make = (h, t) => {
        if (Array.isArray(t)) return t.map((kid) => make(h, kid));
        if (!t?.tag) return t;
        const kids = t.kids.map((kid) => make(h, kid));
        return t.tag === 'fn' ? h(({ inner }) => inner, { inner: h('i', null, kids) }) : h(t.tag, t.props, ...kids);
      };
      const bodies = both.map(() => document.createElement('div'));
      for (let n = 0; n < 400; n++) {
        const now = { tag: 'main', props: {}, kids: [tree(3), tree(3), tree(2)] };
        both.forEach(({ h, render }, at) => render(make(h, now), bodies[at]));
        if (!bodies[0].isEqualNode(bodies[1])) return { n, ours: bodies[0].innerHTML, theirs: bodies[1].innerHTML };
      }
      return 'alike';
    }, sources);
    same('the trees', drawn, 'alike');
  },

  'a page of another site under a strict policy, in Portuguese': (world) => elsewhere(world, 'pt-BR', 'dark', 'Do que você precisa?'),
  'the same in English': (world) => elsewhere(world, 'en-GB', 'light', 'What can we do for you?'),
};
