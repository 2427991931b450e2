// A desk with something to look at, and every screen of it with what must be there before it is looked at.
import { agent, customer, fresh, until } from './host.mjs';
import { furnishKinds } from './kinds.mjs';
import { furnishTickets } from './tickets.mjs';

const talks = [
  ['Valentina Ríos', 'valentina@example.com', ['Hola, el pedido 4471 llegó con la bomba rota', '¿La pueden cambiar esta semana?']],
  ['Joaquín Etcheverry', 'joaquin@example.com', ['¿Hacen envíos a Rivera?']],
  ['Carla Duarte', 'carla@example.com', ['Bom dia, a fatura veio sem o meu CNPJ']],
  ['Tomás de la Fuente y Errázuriz', 'tomas@example.com', ['I was charged twice for the same order, please look into it as soon as you can because the card is blocked']],
  ['', 'anonima@example.com', ['?']],
];

/** Customers who wrote, replies, a note, a hand-over, labels, a ticket. Gives the conversation with most of it, and those of WhatsApp. */
export async function furnish() {
  const [luis, ana] = [await agent('luis'), await agent('ana')];
  await luis.presence('connected');
  await ana.presence('pause');
  for (const [name, email, texts] of talks) {
    const visitor = await customer('shop', { name, email });
    for (const text of texts) await visitor.write(text);
  }
  const all = await until('all are listed', async () => {
    const { items } = await ana.get('/v1/conversations?view=all&status=open&limit=100');
    return items.length >= talks.length && items;
  });
  const of = (name) => all.find((c) => c.contact.name === name).id;
  const first = of('Valentina Ríos');
  const act = (id, path, body) => luis.post(`/v1/conversations/${id}/${path}`, body);
  for (const id of [first, of('Carla Duarte')]) await act(id, 'assign', { agent: 'luis' });
  const say = (id, kind, text, more = {}) => act(id, 'messages', { client_id: `s-${fresh()}`, kind, text, ...more });
  await say(first, 'message', 'Buenos días, Valentina. ¡Qué pena! La cambiamos sin costo.');
  await say(first, 'note', '@Ana Torres ¿queda una bomba en depósito?', { mentions: ['ana'] });
  await act(first, 'labels', { labels: ['vip', 'bug'] });
  await act(first, 'priority', { priority: 'high' });
  await act(first, 'transfer', { agent: 'ana', reason: 'Falta confirmar la dirección de entrega' });
  await ana.post(`/v1/conversations/${first}/transfer`, { agent: 'luis', reason: 'Confirmada: Av. Italia 2234' });
  const { ticket } = await act(first, 'ticket', { new_ticket: { client_id: `s-${fresh()}`, subject: 'Bomba rota en el pedido 4471' } });
  await luis.post(`/v1/tickets/${ticket}/actions`, { client_id: `s-${fresh()}`, public: true, html: '<p>La cambiamos <strong>sin costo</strong>.</p>' });
  await luis.post(`/v1/tickets/${ticket}/actions`, { client_id: `s-${fresh()}`, text: 'Queda una bomba en depósito; sale en el camión de las 14:00.' });
  await say(of('Carla Duarte'), 'message', 'Bom dia, Carla. Já corrigimos, segue a nova fatura.');
  await furnishTickets();
  const contact = all.find((c) => c.id === first).contact.id;
  return { first, contact, ...(await furnishKinds()) };
}

const shown = (page) => page.locator('#list-title').waitFor();
const written = (page) => page.locator('.ProseMirror').waitFor();
const dialog = (key) => async (page) => { await written(page); await page.keyboard.press(key); await page.getByRole('dialog').waitFor(); };
const listed = (page) => page.locator('[data-ticket]').first().waitFor();
const heading = (page) => page.locator('h1').first().waitFor();

/** Name -> address, and what to wait for. */
export const screens = ({ first, contact, every, late }) => ({
  list: ['/conversations/mine', shown],
  unassigned: ['/conversations/unassigned', shown],
  unowned: ['/conversations/unassigned', async (page) => { await shown(page); await page.locator('[data-row]').first().click(); await page.getByLabel(/^(Assign to me|Tomarla al responder|Atribuir a mim)$/).waitFor(); await written(page); }],
  empty: ['/conversations/waiting', shown],
  thread: [`/conversations/all/${first}`, written],
  note: [`/conversations/all/${first}`, async (page) => { await written(page); await page.keyboard.press('n'); await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror')); }],
  canned: [`/conversations/all/${first}`, async (page) => { await written(page); await page.keyboard.press('r'); await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror')); await page.keyboard.type('/'); await page.getByRole('listbox').waitFor(); }, async (page) => { await page.keyboard.press('Escape'); await page.keyboard.press('Backspace'); }],
  transfer: [`/conversations/all/${first}`, async (page) => { await dialog('t')(page); await page.keyboard.press('ArrowRight'); }],
  assign: [`/conversations/all/${first}`, dialog('a')],
  snooze: [`/conversations/all/${first}`, dialog('z')],
  labels: [`/conversations/all/${first}`, dialog('l')],
  close: [`/conversations/all/${first}`, dialog('e')],
  transcript: [`/conversations/all/${first}`, async (page) => { await written(page); await page.getByRole('button', { name: /^(More acts|Más acciones|Mais ações)$/ }).click(); await page.getByRole('menuitem', { name: /transcri/i }).click(); await page.getByRole('dialog').waitFor(); }],
  kinds: [`/conversations/all/${every}`, written],
  late: [`/conversations/all/${late}`, async (page) => page.getByRole('log').getByText(/transportadora/).first().waitFor()],
  palette: ['/conversations/mine', async (page) => { await shown(page); await page.keyboard.press('Control+k'); await page.getByRole('dialog').waitFor(); }],
  shortcuts: ['/conversations/mine', async (page) => { await shown(page); await page.keyboard.press('?'); await page.getByRole('dialog').waitFor(); }],
  notices: ['/conversations/mine', async (page) => { await shown(page); await page.locator('nav button[aria-expanded]').first().click(); await page.getByRole('dialog').waitFor(); }],
  tickets: ['/tickets', listed],
  'tickets-narrow': ['/tickets', async (page) => { await listed(page); await page.getByRole('toolbar').getByRole('button', { name: /Filters|Filtros/ }).click(); await page.getByRole('dialog').waitFor(); }],
  'tickets-new': ['/tickets', async (page) => { await listed(page); await page.keyboard.press('c'); await page.getByRole('dialog').waitFor(); }],
  board: ['/tickets/board', listed],
  'board-carried': ['/tickets/board', async (page) => { await listed(page); await page.locator('[data-card]').first().focus(); await page.keyboard.press(' '); await page.keyboard.press('ArrowRight'); }],
  ticket: ['/tickets/1', async (page) => { await page.locator('[data-action]').first().waitFor(); await page.locator('.ProseMirror').or(page.locator('textarea')).first().waitFor(); }],
  contacts: ['/contacts', heading],
  contact: [`/contacts/${contact}`, heading],
  profile: ['/settings/profile', heading],
  gone: ['/conversations/all/nowhere', async (page) => page.locator('h2').last().waitFor()],
});

/** What only an administrator sees. */
export const settings = () => Object.fromEntries(['start', 'inboxes', 'inboxes/new', 'inboxes/web', 'inboxes/whatsapp', 'departments/sales', 'agents/luis', 'labels/bug', 'canned/hola', 'tickets', 'contracts/new', 'hours/new', 'account', 'bots/new']
  .map((path) => [`settings-${path.replace('/', '-')}`, [`/settings/${path}`, async (page) => page.locator('main h1').waitFor()]]));
