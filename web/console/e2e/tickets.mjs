// Tickets to look at: every status, priorities, services, forecasts that are near, far and past.
import { address, agent, fresh, until } from './host.mjs';

const subjects = [
  ['Molino no enciende', 'Iván Darío Correa', 'new', 'medium', 'workshop', 48, ''], ['Cotización de 12 cafeteras', 'Fundación Semillas de Urabá', 'new', 'low', 'shipping', 72, ''],
  ['Reintegro sin respuesta', 'Wilson Bedoya', 'new', 'urgent', 'warranty', -1.3, ''], ['Factura con otro NIT', 'Hotel Casa del Río', 'new', 'medium', 'workshop', 1.6, 'ines'],
  ['Tanque roto al recibir, pedido 48213', 'Marta Lucía Restrepo', 'in_progress', 'high', 'shipping', 6, 'luis'], ['Envío detenido en Buenaventura', 'Jhon Fredy Mosquera', 'in_progress', 'urgent', 'shipping', -0.3, 'otto'],
  ['Presión baja tras el mantenimiento', 'Beatriz Elena Zuluaga', 'in_progress', 'high', 'warranty', 2, 'luis'], ['Bono duplicado', 'Paola Andrea Gómez', 'pending', 'low', '', 30, 'ines'],
  ['Certificado bancario', 'Daniela Echeverri', 'pending', '', 'shipping', 0, 'luis'], ['Cambio de dirección', 'Juan Camilo Osorio', 'resolved', 'low', 'shipping', 0, 'otto'],
  ['Factura electrónica FE-20418', 'Carolina Ospina', 'closed', 'low', 'warranty', 0, 'ines'],
];

/** Makes them, with services and justifications to choose from. */
export async function furnishTickets() {
  const ana = await agent('ana');
  const send = async (method, path, body) => {
    const answer = await fetch(address + path, { method, headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ana.token}` }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const s = await ana.get('/v1/tickets/settings');
  await send('PUT', '/v1/settings/tickets', {
    ...s, services: [{ id: 'shipping', name: 'Envíos', sector: 'Logística' }, { id: 'warranty', name: 'Garantías', sector: 'Posventa' }, { id: 'workshop', name: 'Taller', sector: 'Posventa' }],
    categories: [{ id: 'broken', name: 'Avería' }, { id: 'invoice', name: 'Facturación' }], justifications: [{ id: 'carrier', name: 'Espera a la transportadora', status: 'pending' }, { id: 'customer', name: 'Espera al cliente', status: 'pending' }],
  });
  const made = [];
  for (const [subject, name, status, priority, service, hours, responsible] of subjects) {
    const who = await send('POST', '/v1/contacts', { client_id: `s-${fresh()}`, name });
    made.push(await send('POST', '/v1/tickets', {
      client_id: `s-${fresh()}`, subject, requester: who.id, status, responsible, ...(priority && { priority }), ...(service && { service }),
      ...(hours && { due: { at: new Date(Date.now() + hours * 3_600_000).toISOString() } }), tags: ['posventa'],
    }));
  }
  await until('they are listed', async () => (await ana.get('/v1/tickets?status=done')).items.length >= 2);
  return made;
}
