// What a thread looks like, worked out from its messages alone.
import type { Contact, Conversation, Inbox, Message } from './wire';

const together = 5 * 60_000; // ms: messages of one author within it are one group

/** A message in a line: its text or its first file's name; "" if it was deleted. */
export const gist = (m: Message): string => m.text || (m.attachments[0]?.name ?? '');

/** Puts a message in its place, by id; of two versions the newer frame wins, but an echo of our own never does. */
export function place(messages: Message[], m: Message, echo = false): Message[] {
  const known = messages.some((x) => x.id === m.id);
  if (known) return echo ? messages : messages.map((x) => (x.id === m.id ? m : x));
  return [...messages, m].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Joins a page that was read anew with what is shown: older messages stay if nothing lies between. */
export function join(shown: Message[], page: Message[]): Message[] {
  const first = page[0];
  return first && shown.some((m) => m.id === first.id) ? [...shown.filter((m) => m.id < first.id), ...page] : page;
}

/** The desk's messages that the customer has not read. */
export const unreadOf = (messages: Message[], c?: Conversation): Message[] =>
  messages.filter((m) => m.author.kind !== 'customer' && !m.deleted_at && m.id > (c?.customer_read ?? ''));

/** Finds an e-mail address in what somebody wrote, or gives "". */
export const addressIn = (text: string): string => /[^\s@,;<>"']+@[^\s@,;<>"']+\.[^\s@,;<>"'.!?]{2,}/.exec(text)?.[0] ?? '';

/** The id of the automatic message that waits for the e-mail address (B14), or "". */
export function askingFor(inbox: Inbox, contact: Contact, c: Conversation | undefined, messages: Message[]): string {
  if (!inbox.collect_email || inbox.pre_chat_form || contact.email || c?.status !== 'open') return '';
  const last = messages.findLast((m) => m.automatic || m.author.kind === 'customer');
  return last?.automatic ? last.id : '';
}

export const sameDay = (a: string | number = 0, b: string | number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/** Whether b goes on where a stopped: one author, within five minutes of one day. */
export const follows = (a: Message | undefined, b: Message | undefined): boolean =>
  !!a && !!b && a.author.kind + a.author.name === b.author.kind + b.author.name && Date.parse(b.at) - Date.parse(a.at) < together && sameDay(a.at, b.at);

/** The initials of a name: of its first and last word. */
export const initials = (name: string): string => name.replace(/^(.)\S*(.*\s(.))?.*$/u, '$1$3').toUpperCase();

/** A size for people: "48 kB", "1.2 MB". */
export const size = (bytes: number, lang: string): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(Math.round(bytes / 1e5) / 10).toLocaleString(lang)} MB`;
