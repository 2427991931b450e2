// What the customer's tickets know and do, without a page (B80, B84, B88). It is loaded when he first opens them, and shows
// him nothing until the desk knows who he is: by his site's word, or by a code that he gets by mail.
import { going, parts, restart, user, visit } from '../chat';
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

export function home(): void {
  parts.tickets = undefined;
  visit('home');
}

/** Who he showed that he is, in this browser; "" if his site says it. */
export const me = (): string => parts.store.get('me');

function show(now: typeof screen): void {
  screen = now;
  fault = proposal = undefined;
  draw();
}

let heard = 0; // how often something happened in his tickets

/** Does what he asks, and shows what is wrong with it. A form that fails stays as it is. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  const was = heard;
  fault = undefined;
  try {
    await work();
    if (heard !== was) void refresh(); // what was read may be older
  } catch (refusal) {
    fault = refusal as Fault;
    if (fault.field === 'identity') return show('email');
    draw();
    throw refusal;
  }
}

/** Does it, and shows what is wrong with it where no form is to. */
const quietly = (work: () => Promise<unknown>): Promise<void> => attempt(work).catch(() => undefined);

/** What is typed and not sent: in answer to the ticket that is shown, or for a new one. It survives a reload. */
export interface Typed {
  subject?: string;
  service?: string;
  said?: string;
}
const kept = (): string => 'typed.' + user();
const all = (): Record<string, Typed> => JSON.parse(parts.store.get(kept()) || '{}');
const place = (): number => (screen === 'ticket' ? shown!.ticket.number : 0);

export const typed = (): Typed => all()[place()] ?? {};

/** Keeps it; nothing forgets it. */
export function type(now?: Typed, at = place()): void {
  const { [at]: _, ...rest } = all();
  parts.store.set(kept(), JSON.stringify(now ? { ...rest, [at]: now } : rest));
}

let handed: Record<string, { id: string; what: string }> = {}; // what the desk may have taken: sent again, it bears the same client id

/** Sends what is typed here. Once it is taken it is forgotten here, wherever he is by then, unless it is something else by
 *  then; only if he is still here is shown what it became. */
const hand = (path: string, body: object): Promise<void> =>
  attempt(async () => {
    const at = place(), of = kept(), on = screen, what = JSON.stringify(body), typedThen = JSON.stringify(all()[at]);
    const now = handed[of + at]?.what === what ? handed[of + at]! : (handed[of + at] = { id: parts.newID(), what });
    const settle = (): void => {
      if (handed[of + at] === now) delete handed[of + at];
    };
    const { number } = await call<{ number?: number }>('POST', path, { client_id: now.id, ...body }).catch((refusal: Fault) => {
      if (refusal.field === 'client_id') settle();
      throw refusal;
    });
    settle();
    if (of !== kept() || JSON.stringify(all()[at]) !== typedThen) return; // somebody else is here, or something else
    type(undefined, at);
    if (screen === on && place() === at) await read(at || number!);
  });

/** Shows his tickets, or asks who he is. */
export const list = (): Promise<void> =>
  quietly(async () => {
    pw ??= await (await fetch({ es, pt }[lang().slice(0, 2)] ?? en)).json();
    [, form] = await Promise.all([listed(0), call<Shapes['CustomerTicketForm']>('GET', 'tickets/form')]);
    show('list');
  });

/** He comes to see his tickets, which drawn draws. */
export function arrive(drawn: typeof parts.tickets): Promise<void> {
  parts.tickets = drawn;
  screen = 'wait';
  listen();
  visit('home');
  return list();
}

/** Reads the newest tickets, so many or a page. */
async function listed(least: number): Promise<void> {
  let all: Ticket[] = [], next = '';
  do {
    const page = await call<Shapes['CustomerTicketPage']>('GET', 'tickets?fresh=true' + after(next));
    all = [...all, ...page.items];
    next = page.cursor ?? '';
  } while (next && all.length < least);
  [tickets, more] = [all, next];
}

export const further = (): Promise<void> =>
  quietly(async () => {
    await listed(tickets.length + 1);
    draw();
  });

const after = (cursor: string): string => cursor && '&cursor=' + encodeURIComponent(cursor);

async function opened(n: number): Promise<NonNullable<typeof shown>> {
  let next = '', actions: Action[] = [];
  for (;;) {
    const page = await call<Shapes['OpenedCustomerTicket']>('GET', `tickets/${n}?limit=100&fresh=true` + after(next));
    actions = [...actions, ...page.actions];
    next = page.cursor ?? '';
    if (!next) return { ticket: page.ticket, actions };
  }
}

let busy = false, again = false;

/** Reads again what is shown, where it is and with what is being typed: something happened in his tickets, or may have. */
export async function refresh(): Promise<void> {
  again = true;
  if (busy) return;
  busy = true;
  while (again) {
    again = false;
    const was = shown;
    try {
      if (screen === 'list') await listed(tickets.length);
      else if (screen === 'ticket') {
        const now = await opened(was!.ticket.number);
        if (shown === was) shown = now;
      }
      draw();
    } catch (refusal) {
      if (screen === 'ticket' && shown === was && (refusal as Refused).status === 404) {
        await list(); // he sees it no more
        fault = refusal as Fault;
        draw();
      }
      // else it is read again with the next news, or when the line is back
    }
  }
  busy = false;
}

let air: BroadcastChannel | undefined;

/** Hears, as another tab does, what the line tells all of them: that a ticket changed, or that news may have been missed. */
function listen(): void {
  air?.close();
  air = new BroadcastChannel(`relevo.${new URLSearchParams(location.search).get('inbox') ?? 'web'}.line.${user()}`);
  air.onmessage = ({ data: { call, with: frame } }) => {
    if (!parts.tickets || (call !== 'caughtUp' && frame?.type !== 'ticket.changed')) return;
    heard++;
    void refresh();
  };
}

/** Shows one of them, with all that was said in it, or says that it is gone. */
export const read = (n: number): Promise<void> =>
  quietly(async () => {
    shown = await opened(n);
    show('ticket');
  });

/** Begins a ticket. */
export const write = (): void => show('new');

export const ask = (subject: string | undefined, service: string | undefined, text: string): Promise<void> =>
  hand('tickets', { text, ...(subject && { subject }), ...(service && { service }) });

export const answer = (text: string): Promise<void> => hand(`tickets/${place()}/actions`, { text });

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
    if (!me()) parts.store.set('guest', parts.store.get('secret'));
    await become(secret!, address);
  });

/** Leaves: the desk forgets his secret, and he is whom he was before. */
export const leave = (): Promise<void> =>
  quietly(async () => {
    await call('DELETE', 'sessions', { secret: parts.store.get('secret') });
    [tickets, shown] = [[], undefined];
    parts.store.set(kept(), '');
    await become(parts.store.get('guest'), '');
  });

async function become(secret: string, name: string): Promise<void> {
  const drawn = parts.tickets;
  parts.store.set('secret', secret);
  parts.store.set('me', name);
  await restart();
  await arrive(drawn);
}

