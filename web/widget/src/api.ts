// One way to the desk: a session bought with the visitor's secret, renewed when it ends or is refused.
import { alone, type Keep } from './keep';
import type { Session } from './wire';

/** A request that failed; it is thrown. status 0: no connection; later: the same request may go well another time. */
export interface Refusal {
  status: number;
  code: string;
  later: boolean;
}

const refusal = (status: number, code = 'unavailable'): Refusal => ({ status, code, later: !status || status >= 500 || status === 429 });

export type Call = <T = void>(method: string, path: string, body?: unknown) => Promise<T>;

const slow = 20_000; // ms until a request counts as lost

async function ask<T>(method: string, url: string, body?: unknown, token = ''): Promise<T> {
  const answer = await fetch(url, {
    method,
    credentials: 'omit',
    signal: AbortSignal.timeout(slow),
    headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token && { Authorization: `Bearer ${token}` }) },
    body: body ? JSON.stringify(body) : null,
  }).catch(() => {
    throw refusal(0);
  });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw refusal(answer.status, said.error?.code);
}

/** Makes call(method, path, body) for paths below /widget/v1; started is told of every session that begins. */
export function api(base: string, inbox: string, store: Keep, started: (s: Session) => void): Call {
  let session: Session | undefined, starting: Promise<Session> | undefined;
  base += '/widget/v1/';

  const start = () =>
    alone('session', async () => {
      const secret = store.get('secret');
      const begun = await ask<Session>('POST', `${base}sessions`, { inbox, ...(secret && { secret }) });
      if (begun.secret) store.set('secret', begun.secret);
      started(begun);
      return begun;
    });

  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    for (let renew = false; ; renew = true) {
      if (!session || renew || Date.parse(session.expires_at) < Date.now() + 30_000) {
        starting ??= start().finally(() => (starting = undefined));
        session = await starting;
      }
      try {
        return await ask<T>(method, base + path, body, session.token);
      } catch (fault) {
        if (renew || (fault as Refusal).status !== 401) throw fault;
      }
    }
  };
}
