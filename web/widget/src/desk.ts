// One way to the desk: a session bought with the visitor's secret, or with the word of the host's server, and bought anew
// when it ends or is refused.
import type { Refused } from '@relevo/shared/live/outbox';
import { doubt, identity, parts } from './chat';
import { alone } from './keep';
import type { Identity, Session } from './wire';

/** Asks the desk; throws a Refused. */
export type Call = <T = void>(method: string, path: string, body?: unknown) => Promise<T>;

const slow = 20_000; // ms until a request counts as lost

async function ask<T>(method: string, url: string, body?: unknown, token?: string): Promise<T> {
  const answer = await fetch(url, {
    method,
    credentials: 'omit',
    signal: AbortSignal.timeout(slow),
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  const said = await answer?.json().catch(() => 0);
  if (answer?.ok) return said;
  throw { ...said?.error, status: answer?.status };
}

/** Makes call(method, path, body) for paths below /widget/v1. started is told of every session that begins. */
export function desk(base: string, inbox: string, started: (s: Session) => void): Call {
  let session: Session | undefined, starting: Promise<Session> | undefined, of: Identity | undefined;
  base += '/widget/v1/';

  const start = (): Promise<Session> =>
    alone('session', async () => {
      const { store } = parts, secret = store.get('secret');
      of = identity;
      const begun = await ask<Session>('POST', base + 'sessions', { inbox, ...(of ? { identity: of } : secret && { secret }) });
      if (begun.secret) store.set('secret', begun.secret);
      started(begun);
      return begun;
    }).catch((fault) => {
      if (!of || fault.status !== 403) throw fault;
      doubt();
      return start();
    });

  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    for (let renew = false; ; renew = true) {
      if (!session || renew || of !== identity || Date.parse(session.expires_at) < Date.now() + 30_000) {
        do session = await (starting ??= start().finally(() => (starting = undefined)));
        while (of !== identity); // meanwhile somebody else has come
      }
      try {
        return await ask<T>(method, base + path, body, session.token);
      } catch (fault) {
        if (renew || (fault as Refused).status !== 401) throw fault;
      }
    }
  };
}
