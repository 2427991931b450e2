// What this browser keeps for an agent bears his id: another one who signs in here neither sees it nor sends it.
let agent = '';
const former = /^relevo\.(dialogs$|draft\.)/; // as drafts were called when they were nobody's

/** Says whose page this is, as soon as the desk told. What was kept without an owner is removed unread. */
export function belongsTo(id: string): void {
  if (id === agent) return;
  agent = id;
  for (const name of Object.keys(localStorage)) if (former.test(name)) localStorage.removeItem(name);
  indexedDB.deleteDatabase('relevo.outbox');
}

/** The name under which something of the agent's is kept: "relevo.of.<agent>.<what>". */
export const own = (what: string): string => `relevo.of.${agent}.${what}`;
