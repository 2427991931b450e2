// Sign-in by OpenID Connect: authorization code with PKCE at whatever issuer the desk names. Tokens live in this tab.

const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const here = () => location.origin + '/';

let config, endpoints, session = JSON.parse(sessionStorage.getItem('relevo.session') ?? 'null');
let renewing;

/** Reads where to sign in and, coming back from there, takes the tokens. Gives whether someone is signed in. */
export async function begin() {
  config = await (await fetch('/config.json')).json();
  endpoints = await (await fetch(config.issuer + '/.well-known/openid-configuration')).json();
  const back = new URLSearchParams(location.search);
  const asked = JSON.parse(sessionStorage.getItem('relevo.asked') ?? 'null');
  if (back.has('error')) throw new Error(back.get('error_description') ?? back.get('error'));
  if (!back.has('code')) return Boolean(session);
  history.replaceState(null, '', here() + (asked?.hash ?? ''));
  sessionStorage.removeItem('relevo.asked');
  if (!asked || asked.state !== back.get('state') || (back.get('iss') ?? config.issuer) !== config.issuer) return Boolean(session);
  await trade({ grant_type: 'authorization_code', code: back.get('code'), redirect_uri: here(), code_verifier: asked.verifier });
  return true;
}

/** Goes to the issuer's page. */
export async function signIn() {
  const asked = { state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem('relevo.asked', JSON.stringify(asked));
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(asked.verifier)));
  const address = new URL(endpoints.authorization_endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code', client_id: config.client_id, redirect_uri: here(), scope: 'openid profile email', audience: config.audience,
    state: asked.state, code_challenge: challenge, code_challenge_method: 'S256',
  })) address.searchParams.set(name, value);
  location.assign(address);
}

export function signOut() {
  sessionStorage.removeItem('relevo.session');
  location.assign(here());
}

/** Gives an access token; a new one when it is asked for or the last is about to end. */
export async function token(renew = false) {
  if (!session) throw new Error('nobody is signed in');
  if (renew || session.expires < Date.now() + 30_000) {
    renewing ??= trade({ grant_type: 'refresh_token', refresh_token: session.refresh }).finally(() => { renewing = undefined; });
    await renewing;
  }
  return session.access;
}

async function trade(form) {
  const answer = await fetch(endpoints.token_endpoint, { method: 'POST', body: new URLSearchParams({ ...form, client_id: config.client_id }) });
  if (answer.status >= 500) throw new Error('the issuer does not answer');
  const said = await answer.json();
  if (!answer.ok) {
    signOut();
    throw new Error(said.error_description ?? said.error);
  }
  session = { access: said.access_token, refresh: said.refresh_token ?? session?.refresh, expires: Date.now() + 1000 * (said.expires_in ?? 300) };
  sessionStorage.setItem('relevo.session', JSON.stringify(session));
}
