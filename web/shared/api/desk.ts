// The desk's API as its contract describes it: names of the shapes, the client, and what a refusal looks like.
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

type Shapes = components['schemas'];
export type Conversation = Shapes['Conversation'];
export type ConversationPage = Shapes['ConversationPage'];
export type OpenedConversation = Shapes['OpenedConversation'];
export type Message = Shapes['Message'];
export type NewMessage = Omit<Shapes['NewMessage'], 'kind'> & { kind?: 'message' | 'note' };
export type Attachment = Shapes['Attachment'];
export type Contact = Shapes['Contact'];
export type Agent = Shapes['Agent'];
export type Seat = Shapes['Seat'];
export type Me = Shapes['Me'];
export type Department = Shapes['Department'];
export type Inbox = Shapes['InboxSummary'];
export type Label = Shapes['Label'];
export type Canned = Shapes['Canned'];
export type Template = Shapes['InboxTemplate'];
export type Notification = Shapes['Notification'];
export type SavedView = Shapes['SavedView'];
export type Counts = Shapes['Counts']['counts'];
export type Ticket = Shapes['Ticket'];
export type TicketPage = Shapes['TicketPage'];
export type Clock = Shapes['Clock'];
export type Clocks = Shapes['Clocks'];
export type Presence = Shapes['Presence'];
export type Priority = Shapes['Priority'];
export type Status = Shapes['Status'];
export type Closing = Shapes['Closing'];
export type Actor = Shapes['Actor'];
export type Act = NonNullable<Conversation['allowed']>[number];

/** Codes of the contract, and "offline" when no answer came. */
export type Code = Shapes['Error']['error']['code'] | 'offline';

/** The desk said no, or nothing. Act on code; message is for people, in English. */
export class Refusal extends Error {
  constructor(
    readonly code: Code,
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }

  /** A repeat may succeed: nobody heard it, or the desk asks to come back. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Gives an access token; a fresh one if the last was refused. */
export type Tokens = (renew: boolean) => Promise<string>;

/** Reads a refusal out of an answer. */
export async function refusalOf(answer: Response): Promise<Refusal> {
  const said: unknown = await answer.json().catch(() => null);
  const error = (said as { error?: { code?: Code; message?: string; field?: string } } | null)?.error;
  return new Refusal(error?.code ?? (answer.status >= 500 ? 'internal' : 'invalid'), answer.status, error?.message ?? answer.statusText, error?.field);
}

/** fetch with a token, renewed once when refused; throws Refusal when nothing answers. */
export function tokenFetch(tokens: Tokens): (request: Request) => Promise<Response> {
  return async (request) => {
    const again = request.clone();
    const first = await attempt(request, await tokens(false));
    return first.status === 401 ? attempt(again, await tokens(true)) : first;
  };
}

async function attempt(request: Request, token: string): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new Refusal('offline', 0, 'no connection');
  }
}

const throwRefusals: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await refusalOf(response);
    return undefined;
  },
};

export type DeskClient = Client<paths>;

/** The client of the contract: answers hold data, everything else is thrown as a Refusal. */
export function deskClient(tokens: Tokens, baseUrl = globalThis.location?.origin ?? ''): DeskClient {
  const client = createClient<paths>({ baseUrl, fetch: tokenFetch(tokens) });
  client.use(throwRefusals);
  return client;
}
