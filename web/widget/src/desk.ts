// One way to the desk: a session bought with the visitor's secret, or with the word of the host's server, and bought anew
// when it ends or is refused.
import type { Refused } from '@relevo/shared/live/outbox';
import { doubt, identity, parts, readings } from './chat';
import { alone } from './keep';
import type { Session } from './wire';

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

/** Makes call(method, path, body) for paths below /widget/v1 of the API that reach tells. What one visitor asks is never
 *  asked as another: if he is gone when it could go, it is refused with 401. started is told of every session that begins. */
export function desk(reach: () => Promise<{ api?: string }>, inbox: string, started: (s: Session) => void): Call {
  let session: Session, starting: Promise<void> | undefined, of: unknown;

  async function start(base: string): Promise<void> {
    const who = readings;
    try {
      await alone('session', async () => {
        const { store } = parts, secret = store.get('secret');
        const begun = await ask<Session>('POST', base + 'sessions', { inbox, ...(identity ? { identity } : secret && { secret }) });
        if (who !== readings) throw 0;
        if (begun.secret) store.set('secret', begun.secret);
        session = begun;
        of = who;
        started(begun);
      });
    } catch (fault) {
      if (who === readings) {
        if (!identity || (fault as Refused).status !== 403) throw fault;
        doubt();
      }
      await start(base); // for him who is here now
    }
  }

  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const who = readings, base = ((await reach()).api ?? '') + '/widget/v1/';
    for (let renew = false; ; renew = true) {
      if (renew || of !== readings || Date.parse(session.expires_at) < Date.now() + 30_000) {
        do await (starting ??= start(base).finally(() => (starting = undefined)));
        while (of !== readings);
      }
      if (who !== readings) throw { status: 401 };
      try {
        return await ask<T>(method, base + path, body, session.token);
      } catch (fault) {
        if (renew || (fault as Refused).status !== 401) throw fault;
      }
    }
  };
}
