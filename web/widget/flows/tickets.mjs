// The customer's tickets (B80, B84, B88): who are you, the list, a new one, an answer, and what others do not see.
import { found, fresh, inbox, paths, same } from './flows.mjs';

/** An inbox with a portal, and a customer before its home. */
async function comes(world, how = {}, portal = { enabled: true, open: true }) {
  const [made] = await inbox(world, { portal });
  const me = await world.customer({ inbox: made.key, ...how });
  await me.open();
  return { me, made };
}

/** Identifies himself by the code in the mail; gives his address. */
async function identify({ desk, until }, me, words, address = `${fresh()}@example.com`) {
  me.quietly(); // the browser itself complains of what is refused: who are you?
  await me.frame.getByRole('button', { name: words.mine }).click();
  const email = me.frame.getByRole('textbox', { name: words.email });
  await email.waitFor();
  await me.look('tickets-who');
  await email.fill(address);
  await me.frame.getByRole('button', { name: words.sendCode }).click();
  const field = me.frame.getByRole('textbox', { name: words.code });
  await field.waitFor();
  await until('the code has the focus', async () => field.evaluate((el) => el === document.activeElement), 20_000);
  const code = await until('the code is mailed', async () => /\b\d{6}\b/.exec((await desk.mails()).items.find((m) => m.to === address)?.text ?? '')?.[0], 20_000);
  await field.fill(code === '000000' ? '000001' : '000000');
  await field.press('Enter');
  await me.frame.getByText(words.wrong).filter({ visible: true }).waitFor();
  await me.look('tickets-code');
  await field.fill(code);
  await field.press('Enter');
  await me.sees(words.none);
  return address;
}

/** A new ticket in the desk's list, which is brought up to date a moment after the ticket stands. */
const listed = ({ until }, agent, is) => until('the ticket is listed', async () => (await agent('GET', '/v1/tickets?status=new&limit=100')).items.find(is));

const es = {
  mine: 'Mis tickets', email: 'Correo', sendCode: 'Enviarme un código', code: 'Código', wrong: 'El código no es correcto', none: 'Aún no tienes tickets.', create: 'Nuevo ticket', subject: 'Asunto',
  text: '¿Qué pasó?', open: 'Enviar el ticket', answer: 'Tu respuesta', send: 'Enviar', back: 'Volver', propose: 'Mi chat es sobre esto', proposed: 'ya sabemos que tu chat', leave: /No soy/,
  resolved: 'Está resuelto', closed: 'Está cerrado',
};
/** From his address to an answer on his ticket, and out again. */
async function wholeWay(world, how, words) {
  const { me } = await comes(world, how), otto = await world.desk.as('otto');
  const address = await identify(world, me, words);
  await me.look('tickets-none');

  await me.frame.getByRole('button', { name: words.create }).click();
  await me.frame.getByRole('textbox', { name: words.subject }).fill('Molino roto');
  await me.frame.getByRole('textbox', { name: words.text }).fill('Llegó con la tolva rota.');
  await me.look('tickets-new');
  await me.frame.getByRole('button', { name: words.open }).click();
  await me.sees('Llegó con la tolva rota.');
  const heading = await me.frame.getByRole('heading', { level: 2 }).textContent();
  same('its subject is the heading', heading, 'Molino roto');

  const { number, requester } = await listed(world, otto, (t) => t.subject === 'Molino roto' && t.requester_name === address);
  same('he is its requester', (await otto('GET', `/v1/contacts/${requester}`)).email, address);
  const path = `/v1/tickets/${number}`;
  await otto('POST', `${path}/actions`, { client_id: fresh(), text: 'Entre nosotros: revisar bodega' });
  await otto('POST', `${path}/actions`, { client_id: fresh(), text: 'Mañana le enviamos otro.', public: true });
  await me.frame.getByRole('button', { name: words.back }).click();
  await me.frame.getByRole('button', { name: /Molino roto/ }).click();
  await me.sees('Mañana le enviamos otro.');
  same('nothing of the desk shows (B88)', await me.frame.getByText('Entre nosotros').count(), 0);
  const box = me.frame.getByRole('textbox', { name: words.answer });
  await box.fill('Gracias, lo espero.');
  await me.frame.getByRole('button', { name: words.send, exact: true }).click();
  await me.sees('Gracias, lo espero.');
  await me.look('tickets-one');
  await world.until('the desk has the answer', async () => (await otto('GET', `${path}?fresh=true`)).actions.some((a) => a.public && a.text === 'Gracias, lo espero.' && a.author.kind === 'customer'), 20_000);

  await me.frame.getByRole('button', { name: words.back }).click();
  await me.frame.getByRole('button', { name: /Molino roto/ }).waitFor();
  await me.look('tickets-list');
  await me.frame.getByRole('button', { name: words.leave }).click();
  await me.frame.getByRole('textbox', { name: words.email }).waitFor();
  same('what he saw is gone', await me.frame.getByText('Molino roto').count(), 0);
}

export const tickets = {
  'B84, B88: a customer identifies himself, opens a ticket and is answered': (world) => wholeWay(world, {}, es),
  'B84, B88: the same at 320 px in the dark': (world) => wholeWay(world, { width: 320, scheme: 'dark' }, es),

  async 'B80: he says that his chat is about a ticket, and the desk confirms it'(world) {
    const { me, made } = await comes(world), otto = await world.desk.as('otto'), hola = `Hola ${fresh()}`;
    const address = await identify(world, me, es);
    await me.frame.getByRole('button', { name: es.back }).click();
    await me.frame.getByRole('button', { name: 'Escríbenos' }).click();
    await me.says(hola);
    const agent = await found(world, hola), { contact } = (await agent.thread());
    same('the chat is his who identified himself', contact.email, address);
    const { number } = await otto('POST', '/v1/tickets', { client_id: fresh(), subject: 'Repuesto', requester: contact.id });
    await me.frame.getByRole('button', { name: es.back }).click();
    await me.frame.getByRole('button', { name: es.mine }).click();
    await me.frame.getByRole('button', { name: /Repuesto/ }).click();
    await me.frame.getByRole('button', { name: es.propose }).click();
    await me.sees(es.proposed);
    await otto('POST', `/v1/conversations/${agent.id}/ticket/confirm`);
    same('the desk linked it', (await agent.thread()).conversation.ticket, number);
    same('of the inbox', (await agent.thread()).conversation.inbox, made.id);
  },

  async 'B88: an answer reopens what is resolved; what is closed or internal takes none'(world) {
    const { me } = await comes(world, { width: 390 }), otto = await world.desk.as('otto'), subject = fresh();
    await identify(world, me, es);
    await me.frame.getByRole('button', { name: es.create }).click();
    await me.frame.getByRole('textbox', { name: es.subject }).fill(subject);
    await me.frame.getByRole('textbox', { name: es.text }).fill('No enciende.');
    await me.frame.getByRole('button', { name: es.open }).click();
    await me.sees('No enciende.');
    const { number } = await listed(world, otto, (t) => t.subject === subject);
    const set = async (patch) => otto('PATCH', `/v1/tickets/${number}`, { ...patch, version: (await otto('GET', `/v1/tickets/${number}?fresh=true`)).ticket.version });
    const again = async () => {
      await me.frame.getByRole('button', { name: es.back }).click();
      await me.frame.getByRole('button', { name: new RegExp(subject) }).click();
    };
    await set({ status: 'resolved' });
    await again();
    await me.sees(es.resolved);
    await me.frame.getByRole('textbox', { name: es.answer }).fill('Sigue igual.');
    await me.frame.getByRole('button', { name: es.send, exact: true }).click();
    await me.sees('Sigue igual.');
    same('it is open again', (await otto('GET', `/v1/tickets/${number}?fresh=true`)).ticket.status, 'in_progress');
    await set({ status: 'closed' });
    await again();
    await me.sees(es.closed);
    same('no field to answer in', await me.frame.getByRole('textbox', { name: es.answer }).count(), 0);
    await set({ type: 'internal' });
    await me.sees(es.none);
  },

  async 'B88: what the desk does in his ticket shows at once, and what he types stays'(world) {
    const { me } = await comes(world), otto = await world.desk.as('otto'), subject = fresh();
    await identify(world, me, es);
    const button = (name) => me.frame.getByRole('button', { name }), field = (name) => me.frame.getByRole('textbox', { name });
    await button(es.create).click();
    await field(es.subject).fill(subject);
    await field(es.text).fill('No llegó.');
    await button(es.back).click();
    await button(es.create).click();
    await world.until('the half-written ticket is there', async () => (await field(es.subject).inputValue()) === subject && (await field(es.text).inputValue()) === 'No llegó.');
    await button(es.open).click();
    await me.sees('No llegó.');
    const { number } = await listed(world, otto, (t) => t.subject === subject), path = `/v1/tickets/${number}`;
    const says = (text) => otto('POST', `${path}/actions`, { client_id: fresh(), text, public: true });
    const set = async (patch) => otto('PATCH', path, { ...patch, version: (await otto('GET', `${path}?fresh=true`)).ticket.version });

    await field(es.answer).fill('Vivo en');
    await says('¿A qué dirección?');
    await me.sees('¿A qué dirección?');
    same('he goes on typing', await field(es.answer).evaluate((el) => [el.value, el === document.activeElement]), ['Vivo en', true]);
    await set({ status: 'resolved' });
    await me.sees(es.resolved);
    await button(es.back).click();
    await set({ status: 'pending' });
    await me.sees('En espera'); // in the list, too
    await me.page.reload();
    await me.open();
    await button(es.mine).click();
    await button(new RegExp(subject)).click();
    await world.until('his answer is still there', async () => (await field(es.answer).inputValue()) === 'Vivo en');
    await button(es.send).click();
    await me.frame.getByRole('log').getByText('Vivo en').waitFor();
    same('and gone once it is sent', await field(es.answer).inputValue(), '');
    await set({ type: 'internal' });
    await me.sees(es.none); // it is his no more
  },

  async 'B84: he is known at once in another tab that never opened his tickets'(world) {
    const { me } = await comes(world), hola = `Hola ${fresh()}`;
    const other = await me.context.newPage();
    await other.goto(me.page.url());
    await other.getByRole('button', { name: /chat/i }).click();
    const field = other.frameLocator('iframe').locator('.write textarea');
    await other.frameLocator('iframe').getByRole('button', { name: 'Escríbenos' }).click();
    await field.waitFor();
    const address = await identify(world, me, es);
    await other.frameLocator('iframe').getByRole('button', { name: 'Escríbenos' }).click(); // it began anew
    await field.fill(hola);
    await field.press('Enter');
    same('the chat is his who identified himself', (await (await found(world, hola)).thread()).contact.email, address);
  },

  async 'B84: without the portal nothing of it is loaded or shown; with it, only when it is opened'(world) {
    const [plain] = await inbox(world, {}), without = await world.customer({ inbox: plain.key });
    await without.open();
    await without.sees('Escríbenos: te respondemos por aquí.');
    same('no way in', await without.frame.getByRole('button', { name: es.mine }).count(), 0);
    const [made] = await inbox(world, { portal: { enabled: true, open: false } }), me = await world.customer({ inbox: made.key });
    const asked = paths(me.page), loaded = () => asked.filter((path) => path.includes('/tickets')).map((path) => path.replace(/-[\w-]{6}\./, '.'));
    await me.open();
    await me.frame.getByRole('button', { name: es.mine }).waitFor();
    await me.look('home-portal');
    same('nothing yet', loaded(), []);
    await identify(world, me, es);
    same('one script and one language', loaded().filter((path) => path.includes('/assets/')), ['/widget/assets/tickets.js', '/widget/assets/tickets.es.json']);
    same('he opens none', await me.frame.getByRole('button', { name: es.create }).count(), 0);
    await me.page.reload();
    await me.open();
    await me.frame.getByRole('button', { name: es.mine }).click();
    await me.sees(es.none); // he is known when he comes back
    await me.page.keyboard.press('Escape');
    await me.page.locator('iframe').waitFor({ state: 'hidden' });
  },
};
