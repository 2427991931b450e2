// What the customer's tickets know and do, without a page (B80, B84, B88). It is loaded when he first opens them, and shows
// him nothing until the desk knows who he is: by his site's word, or by a code that he gets by mail.
import { going, parts, restart, visit } from '../chat';
import type { Call } from '../desk';
import type { Refused } from '@relevo/shared/live/outbox';
import type { components } from '@relevo/shared/api/schema';
import type english from './words/tickets.en.json';
import en from './words/tickets.en.json?url';
import es from './words/tickets.es.json?url';
import pt from './words/tickets.pt.json?url';

type Shapes = components['schemas'];
export type Ticket = Shapes['CustomerTicket'];
export type Action = Shapes['CustomerAction'];
type Fault = Refused & { field?: string };

/** The words by their names, in the language that the chat speaks; they are there on every screen but "wait". The build makes
 *  lists of them, and numbers of the names. */
export let pw: typeof english;
export let screen: 'wait' | 'email' | 'code' | 'list' | 'ticket' | 'new' = 'wait';
/** Where the code went. */
export let address = '';
export let form: Shapes['CustomerTicketForm'] | undefined;
export let tickets: Ticket[] = [];
export let more = '';
export let shown: Shapes['OpenedCustomerTicket'] | undefined;
/** What went wrong with what he asked last; undefined if nothing did. */
export let fault: Fault | undefined;
/** What became of his proposal that the chat is about the ticket that is shown. */
export let proposal: 'proposed' | 'linked' | undefined;

const call: Call = (...request) => parts.call(...request), draw = (): void => parts.changed(), lang = (): string => document.documentElement.lang;
let request = '';

export function home(): void {
  parts.tickets = undefined;
  visit('home');
}

/** Who he showed that he is, in this browser; "" if his site says it. */
export const me = (): string => parts.store.get('me') ?? '';

function show(now: typeof screen): void {
  screen = now;
  fault = proposal = undefined;
  draw();
}

/** Does what he asks, and shows what is wrong with it. A form that fails stays as it is. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  fault = undefined;
  try {
    await work();
  } catch (refusal) {
    fault = refusal as Fault;
    if (fault.field === 'identity') return show('email');
    draw();
    throw refusal;
  }
}

/** Does it, and shows what is wrong with it where no form is to. */
const quietly = (work: () => Promise<unknown>): Promise<void> => attempt(work).catch(() => undefined);

/** Shows his tickets, or asks who he is. */
export const list = (): Promise<void> =>
  quietly(async () => {
    pw ??= await (await fetch({ es, pt }[lang().slice(0, 2)] ?? en)).json();
    const [page, fields] = await Promise.all([call<Shapes['CustomerTicketPage']>('GET', 'tickets?fresh=true'), call<Shapes['CustomerTicketForm']>('GET', 'tickets/form')]);
    [tickets, more, form] = [page.items, page.cursor ?? '', fields];
    show('list');
  });

/** He comes to see his tickets, which drawn draws. */
export function arrive(drawn: typeof parts.tickets): Promise<void> {
  parts.tickets = drawn;
  screen = 'wait';
  visit('home');
  return list();
}

export const further = (): Promise<void> =>
  quietly(async () => {
    const page = await call<Shapes['CustomerTicketPage']>('GET', 'tickets?cursor=' + encodeURIComponent(more));
    [tickets, more] = [[...tickets, ...page.items], page.cursor ?? ''];
    draw();
  });

/** Shows one of them, with all that was said in it, or says that it is gone. */
export const read = (n: number): Promise<void> =>
  quietly(async () => {
    let next: string | undefined = '', found: typeof shown;
    do {
      const page: Shapes['OpenedCustomerTicket'] = await call('GET', `tickets/${n}?limit=100&fresh=true${next && '&cursor=' + encodeURIComponent(next)}`);
      found = { ticket: page.ticket, actions: [...(found?.actions ?? []), ...page.actions] };
      next = page.cursor;
    } while (next);
    shown = found;
    request = parts.newID();
    show('ticket');
  });

/** Begins a ticket. */
export function write(): void {
  request = parts.newID();
  show('new');
}

export const ask = (subject: string | undefined, service: string | undefined, text: string): Promise<void> =>
  attempt(async () => {
    const made = await call<Ticket>('POST', 'tickets', { client_id: request, text, ...(subject && { subject }), ...(service && { service }) });
    await read(made.number);
  });

export const answer = (text: string): Promise<void> =>
  attempt(async () => {
    const { number } = shown!.ticket;
    await call('POST', `tickets/${number}/actions`, { client_id: request, text });
    request = parts.newID(); // taken: what is written next is another
    await read(number);
  });

/** Says that the conversation that goes on is about the ticket; an agent confirms it. */
export const propose = (): Promise<void> =>
  quietly(async () => {
    proposal = await call('POST', `conversations/${going()}/ticket`, { number: shown!.ticket.number }).then(
      () => 'proposed' as const,
      (refusal: Refused) => (refusal.status === 409 ? ('linked' as const) : Promise.reject(refusal)),
    );
    draw();
  });

/** Has a code mailed. */
export const sendCode = (email: string): Promise<void> =>
  quietly(async () => {
    await call('POST', 'identity/code', { email, language: lang() });
    address = email;
    show('code');
  });

export const otherAddress = (): void => show('email');

/** Enters the code: from then on he is the contact of that address, here and whenever he comes back. */
export const enter = (code: string): Promise<void> =>
  attempt(async () => {
    const { secret } = await call<Shapes['Session']>('POST', 'identity', { email: address, code });
    if (!me()) parts.store.set('guest', parts.store.get('secret') ?? '');
    await become(secret!, address);
  });

/** Leaves: the desk forgets his secret, and he is whom he was before. */
export const leave = (): Promise<void> =>
  quietly(async () => {
    await call('DELETE', 'sessions', { secret: parts.store.get('secret') });
    [tickets, shown] = [[], undefined];
    await become(parts.store.get('guest') ?? '', '');
  });

async function become(secret: string, name: string): Promise<void> {
  parts.store.set('secret', secret);
  parts.store.set('me', name);
  await restart();
  await arrive(parts.tickets);
}

// In another tab of this browser he entered a code, or left.
addEventListener('storage', ({ key }) => {
  if (!key?.endsWith('.me')) return;
  parts.tickets = undefined;
  void restart();
});

