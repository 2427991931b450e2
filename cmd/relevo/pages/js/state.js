// What the agents' page knows, and how it asks the desk.
import { client } from './api.js';
import { token } from './signin.js';
import { toast } from './dom.js';

export const call = client(token);

/** The page's knowledge. `current` is the conversation that is shown: {conversation, messages, more, contact}. */
export const state = {
  words: null, me: null, agents: [], departments: [], inboxes: [], labels: [], canned: [], templates: [],
  view: 'mine', status: 'open', department: '', list: [], cursor: '', current: null, pending: new Map(), typing: null, notifications: [], line: null,
};

const names = { agents: '/v1/agents?deleted=true', departments: '/v1/departments?deleted=true', inboxes: '/v1/inboxes?deleted=true', labels: '/v1/labels?deleted=true', canned: '/v1/canned', templates: '/v1/templates' };

/** Reads what is set in the account, all of it or the named lists. */
export async function readSettings(...which) {
  await Promise.all((which.length ? which : Object.keys(names)).map(async (name) => {
    state[name] = (await call('GET', names[name])).items;
  }));
}

export const byID = (list, id) => list.find((x) => x.id === id);
export const nameOf = (list, id) => byID(list, id)?.name ?? id ?? '';
export const alive = (list) => list.filter((x) => !x.deleted);
export const may = (act) => state.current?.conversation.allowed?.includes(act) ?? false;

/** Does something and tells what went wrong; gives whether it went well. */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (refusal) {
    toast(refusal.message + (refusal.field ? ` (${refusal.field})` : ''), true);
    return false;
  }
}

/** The parts of the page draw themselves anew when what they show has changed; each module puts its function here. */
export const draw = { bar() {}, list() {}, head() {}, thread() {}, composer() {}, details() {}, banner() {} };

/** Gives fn, run once a little after the last call. */
export function soon(fn, pause = 200) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(fn, pause); };
}
