// Who is signed in: OpenID Connect's code flow with PKCE at the issuer that /config.json names. The library comes only when
// it is needed (signing in, renewing); between, the tokens that it keeps are read from where it keeps them.
import { Refusal } from '@relevo/shared/api/desk';
import type { UserManager } from 'oidc-client-ts';
import { cell } from './cell';

export interface Config {
  issuer: string;
  client_id: string;
  audience: string;
  own_issuer: boolean;
  max_attachment: number;
}

interface Kept {
  access_token: string;
  expires_at?: number; // seconds since 1970
  profile: { sub: string };
}

const early = 30; // seconds before its end at which a token is renewed
let config: Config;
let manager: Promise<UserManager> | undefined;
let signedIn: string | undefined; // whose page this is, as the issuer calls him

/** True once a session ended that cannot be renewed: the page asks to sign in again, and keeps what was typed. */
export const sessionLost = cell(false);

export const deskConfig = (): Config => config;

/** Reads where to sign in, and takes the tokens when coming back from there. Tells whether someone is signed in. */
export async function begin(): Promise<boolean> {
  const answer = await fetch('/config.json');
  if (!answer.ok) throw new Refusal('unavailable', answer.status, 'the desk does not tell where to sign in');
  config = (await answer.json()) as Config;
  const query = new URLSearchParams(location.search);
  if (query.has('state') && (query.has('code') || query.has('error'))) {
    const user = await (await users()).signinCallback();
    const back = (user?.state as { back?: string } | undefined)?.back ?? '/';
    history.replaceState(null, '', back);
  }
  signedIn = kept()?.profile.sub;
  return signedIn !== undefined;
}

/** Goes to the issuer's page, and comes back to this one. */
export async function signIn(): Promise<void> {
  const back = location.pathname + location.search + location.hash;
  await (await users()).signinRedirect({ state: { back } });
}

export async function signOut(): Promise<void> {
  await (await users()).removeUser();
  location.assign('/');
}

/** Gives an access token; one tab renews it for all. */
export async function tokens(renew: boolean): Promise<string> {
  const now = ours();
  if (!now) throw lost();
  if (!renew && fresh(now)) return now.access_token;
  return alone(async () => {
    const then = ours();
    if (!then) throw lost();
    if (then.access_token !== now.access_token && fresh(then)) return then.access_token;
    return renewed();
  });
}

async function renewed(): Promise<string> {
  try {
    const user = await (await users()).signinSilent();
    if (user) return user.access_token;
  } catch (cause) {
    const { ErrorResponse } = await import('oidc-client-ts');
    if (!(cause instanceof ErrorResponse)) throw new Refusal('offline', 0, 'the sign-in page does not answer');
  }
  throw lost();
}

function lost(): Refusal {
  sessionLost.set(true);
  return new Refusal('unauthenticated', 401, 'the session is over');
}

const fresh = (k: Kept): boolean => (k.expires_at ?? 0) > Date.now() / 1000 + early;

function kept(): Kept | undefined {
  const text = localStorage.getItem(`oidc.user:${config.issuer}:${config.client_id}`);
  return text ? (JSON.parse(text) as Kept) : undefined;
}

/** The tokens, unless another agent signed in meanwhile, in another tab: what is done here is not done in his name. */
function ours(): Kept | undefined {
  const now = kept();
  return now?.profile.sub === signedIn ? now : undefined;
}

function alone<T>(run: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request('relevo.renew', run) as Promise<T>) : run();
}

function users(): Promise<UserManager> {
  manager ??= import('oidc-client-ts').then(({ UserManager, WebStorageStateStore }) => new UserManager({
    authority: config.issuer,
    client_id: config.client_id,
    redirect_uri: `${location.origin}/`,
    scope: 'openid profile email',
    extraQueryParams: { audience: config.audience },
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
    loadUserInfo: false,
  }));
  return manager;
}
