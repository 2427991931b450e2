// Who types in which conversation. More than one may: each is known by himself, and only what he says or does ends it.
import { cell } from './cell';

/** Who types: without an id, known by the name. */
export interface Typist { id?: string; kind: string; name?: string }

/** Who types in which conversation, in the order in which they began; a conversation in which nobody does is not in it. */
export const typists = cell<ReadonlyMap<string, readonly Typist[]>>(new Map());

/** The conversation in which a message of one's own was just told of: it took one's mark off the others' screens. */
export const saidIn = cell<{ conversation: string } | undefined>(undefined);

const believed = 100_000; // as long as useTyping waits before it tells again, and a little more
const timers = new Map<string, ReturnType<typeof setTimeout>>();

// There is one customer in a conversation, whoever he turned out to be meanwhile.
const known = (by: Typist): string => (by.kind === 'customer' ? 'customer' : by.id ?? by.name ?? by.kind);

/** Takes it that somebody types in a conversation, for as long as that is believed, or that he no longer does. */
export function setTyping(id: string, by: Typist, on: boolean): void {
  const who = known(by), timer = `${id} ${who}`, here = typists.get().get(id) ?? [];
  clearTimeout(timers.get(timer));
  timers.delete(timer);
  if (on) timers.set(timer, setTimeout(() => setTyping(id, by, false), believed));
  if (here.some((x) => known(x) === who) === on) return;
  const now = on ? [...here, by] : here.filter((x) => known(x) !== who);
  const next = new Map(typists.get());
  if (now.length > 0) next.set(id, now);
  else next.delete(id);
  typists.set(next);
}
