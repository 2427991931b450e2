// Two conversations of WhatsApp: one with a message of every kind, one whose window for free text has closed.
import { deflateSync, crc32 } from 'node:zlib';
import { address, agent, until } from './host.mjs';

/** A picture that is one gradient. */
function picture(width, height, [r, g, b]) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows.set([r, g, b].map((c) => Math.round(c * (0.5 + (x + y) / (2 * (width + height))))), y * (width * 3 + 1) + 1 + x * 3);
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]), ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]).toString('base64');
}

const photo = (name, color) => ({ name, type: 'image/png', data: picture(480, 360, color) });

async function phone(body) {
  const answer = await fetch(`${address}/phone/send`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`/phone/send: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Gives the ids of both. */
export async function furnishKinds() {
  const ana = await agent('ana');
  const listed = (name) => until(`${name} is listed`, async () => (await ana.get('/v1/conversations?view=all&status=open&limit=100')).items.find((c) => c.contact.name === name));
  const marta = (more) => phone({ from: '573125550148', name: 'Marta Lucía Restrepo', ...more });
  await marta({ text: 'Buenas, el tanque llegó *roto*. Le mando las fotos y la factura.' });
  await marta({ type: 'image', media: photo('tanque-1.png', [160, 110, 80]) });
  await marta({ type: 'image', media: photo('tanque-2.png', [90, 120, 150]), text: 'Se ve la grieta' });
  await marta({ type: 'document', media: { name: 'factura-electronica-FE-20418-noviembre.pdf', type: 'application/pdf', data: Buffer.from('%PDF-1.4\n').toString('base64') } });
  await marta({ type: 'location', latitude: 6.2442, longitude: -75.5812, text: 'Bodega de Itagüí' });
  const wrong = await marta({ text: 'Esto era para mi hermana' });
  await marta({ type: 'revoke', target: wrong.id });
  const every = (await listed('Marta Lucía Restrepo')).id;
  const thread = async () => (await ana.get(`/v1/conversations/${every}`)).messages;
  const first = (await until('all have come', async () => { const all = await thread(); return all.filter((m) => m.kind === 'message').length >= 6 && all; })).find((m) => m.text?.startsWith('Buenas'));
  await fetch(`${address}/phone/mode`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ send: '400', times: 1 }) });
  await ana.post(`/v1/conversations/${every}/messages`, { client_id: `k-${Date.now()}-1`, html: '<p>Ya revisé su caso: el tanque lo cambiamos <strong>sin costo</strong>.</p><ul><li>La guía le llega hoy</li><li>Guarde la caja</li></ul>', reply_to: first.id });
  await until('one has failed', async () => (await thread()).some((m) => m.delivery?.state === 'failed'));
  await ana.post(`/v1/conversations/${every}/messages`, { client_id: `k-${Date.now()}-2`, text: 'Mañana pasa la transportadora entre las 8 y las 12.' });
  await phone({ from: '573005550199', name: 'Jhon Fredy Mosquera', text: 'Llevo dos días esperando y la transportadora no contesta', at: new Date(Date.now() - 30 * 3_600_000).toISOString() });
  const late = (await listed('Jhon Fredy Mosquera')).id;
  for (const id of [every, late]) await ana.post(`/v1/conversations/${id}/assign`, { agent: 'luis' }); // who is of another department
  return { every, late };
}
