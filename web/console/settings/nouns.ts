// How the settings are written: each function saves one noun and puts the answer where everybody reads it.
import { newID } from '@relevo/shared/live/outbox';
import { queryOptions } from '@tanstack/react-query';
import type { components } from '@relevo/shared/api/schema';
import { agentsQuery, cache, cannedQuery, data, departmentsQuery, desk, inboxesQuery, labelsQuery, meQuery } from '../shell/desk';

type Shapes = components['schemas'];
export type Account = Shapes['AccountSettings'];
export type AgentSettings = Shapes['AgentSettings'];
export type Bot = Shapes['Bot'];
export type Inbox = Shapes['Inbox'];
export type InboxSettings = Shapes['InboxSettings'];

export const accountQuery = queryOptions({ queryKey: ['settings', 'account'], queryFn: () => data(desk.GET('/v1/settings/account')) });
export const botsQuery = queryOptions({ queryKey: ['settings', 'bots'], queryFn: async () => (await data(desk.GET('/v1/settings/bots', { params: { query: { limit: 100 } } }))).items });
export const inboxQuery = (id: string) => queryOptions({ queryKey: ['settings', 'inbox', id], queryFn: () => data(desk.GET('/v1/settings/inboxes/{id}', { params: { path: { id } } })) });

const at = (id: string) => ({ params: { path: { id } } });
const read = (...queries: { queryKey: readonly unknown[] }[]) => Promise.all(queries.map(({ queryKey }) => cache.invalidateQueries({ queryKey })));

/** The name under which a new noun is made: the same for each try of one form, so that a second try makes no second noun. */
export { newID };

export async function saveLabel(id: string | undefined, client_id: string, body: Shapes['LabelSettings']): Promise<void> {
  await (id ? desk.PUT('/v1/settings/labels/{id}', { ...at(id), body }) : desk.POST('/v1/settings/labels', { body: { client_id, ...body } }));
  await read(labelsQuery);
}

export async function deleteLabel(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/labels/{id}', at(id));
  await read(labelsQuery);
}

export async function saveCanned(id: string | undefined, client_id: string, body: Shapes['CannedSettings']): Promise<void> {
  await (id ? desk.PUT('/v1/settings/canned/{id}', { ...at(id), body }) : desk.POST('/v1/settings/canned', { body: { client_id, ...body } }));
  await read(cannedQuery);
}

export async function deleteCanned(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/canned/{id}', at(id));
  await read(cannedQuery);
}

export async function saveAgent(id: string | undefined, client_id: string, body: AgentSettings): Promise<void> {
  await (id ? desk.PUT('/v1/settings/agents/{id}', { ...at(id), body }) : desk.POST('/v1/settings/agents', { body: { client_id, ...body } }));
  await read(agentsQuery, departmentsQuery, meQuery);
}

export async function deleteAgent(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/agents/{id}', at(id));
  await read(agentsQuery, departmentsQuery);
}

/** Saves a department's name and who belongs to it. Each member is a change of his own: those before one that is refused stay. */
export async function saveDepartment(id: string | undefined, client_id: string, name: string, members: readonly string[]): Promise<void> {
  const made = await data(id ? desk.PUT('/v1/settings/departments/{id}', { ...at(id), body: { name } }) : desk.POST('/v1/settings/departments', { body: { client_id, name } }));
  try {
    for (const a of await cache.fetchQuery({ ...agentsQuery, staleTime: 0 })) {
      const is = a.departments.includes(made.id), should = members.includes(a.id);
      if (a.deleted || is === should) continue;
      const departments = should ? [...a.departments, made.id] : a.departments.filter((d) => d !== made.id);
      await desk.PUT('/v1/settings/agents/{id}', { ...at(a.id), body: { name: a.name, email: a.email, role: a.role, capacity: a.capacity, language: a.language, departments } });
    }
  } finally {
    await read(agentsQuery, departmentsQuery);
  }
}

export async function deleteDepartment(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/departments/{id}', at(id));
  await read(departmentsQuery);
}

export async function saveAccount(body: Account): Promise<void> {
  cache.setQueryData(accountQuery.queryKey, await data(desk.PUT('/v1/settings/account', { body })));
  await read(meQuery);
}

export async function createBot(client_id: string, body: { name: string; inbox: string }): Promise<string | undefined> {
  const { token } = await data(desk.POST('/v1/settings/bots', { body: { client_id, ...body } }));
  await read(botsQuery);
  return token;
}

export async function deleteBot(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/bots/{id}', at(id));
  await read(botsQuery);
}

export async function createInbox(client_id: string, body: InboxSettings): Promise<Inbox> {
  const made = await data(desk.POST('/v1/settings/inboxes', { body: { client_id, ...body } }));
  cache.setQueryData(inboxQuery(made.id).queryKey, made);
  await read(inboxesQuery);
  return made;
}

export async function saveInbox(id: string, body: InboxSettings): Promise<void> {
  cache.setQueryData(inboxQuery(id).queryKey, await data(desk.PUT('/v1/settings/inboxes/{id}', { ...at(id), body })));
  await read(inboxesQuery);
}

/** A new secret; the one before stays good for a day. It is shown this once. */
export async function makeIdentitySecret(id: string): Promise<string> {
  const { secret } = await data(desk.POST('/v1/settings/inboxes/{id}/identity-secret', at(id)));
  await read(inboxQuery(id));
  return secret;
}

export async function deleteInbox(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/inboxes/{id}', at(id));
  await read(inboxesQuery);
}

export type HoursNoun = Shapes['Hours'];
export type HoursSettings = Shapes['HoursSettings'];
export type Contract = Shapes['Contract'];
export type ContractSettings = Shapes['ContractSettings'];
export const hoursQuery = queryOptions({ queryKey: ['settings', 'hours'], queryFn: async () => (await data(desk.GET('/v1/settings/hours', { params: { query: { limit: 100 } } }))).items });
export const contractsQuery = queryOptions({ queryKey: ['settings', 'contracts'], queryFn: async () => (await data(desk.GET('/v1/settings/contracts', { params: { query: { limit: 100 } } }))).items });
