// A desk of its own for the flows: free ports, a new folder, the binary that RELEVO names (../../bin/relevo).
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.env.RELEVO ?? new URL('../../../bin/relevo', import.meta.url).pathname;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Waits until probe gives something. */
export async function until(what, probe, patience = 20_000) {
  const end = Date.now() + patience;
  for (let fault; ; ) {
    try {
      const found = await probe();
      if (found) return found;
    } catch (e) {
      fault = e;
    }
    if (Date.now() > end) throw new Error(`waited in vain: ${what}${fault ? ` (${fault.message})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts a desk; as(name) gives the API as an agent sees it. With account: an empty one, whose only person is made by these words of `relevo account create`. */
export async function startDesk({ account } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'relevo-flow-'));
  const [port, downloads] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, RELEVO_ADDR: `127.0.0.1:${port}`, RELEVO_DOWNLOADS_ADDR: `127.0.0.1:${downloads}`, RELEVO_DATA: data, RELEVO_MAX_ATTACHMENT_MB: '1' };
  if (account) execFileSync(binary, ['account', 'create', ...account], { env, stdio: 'ignore' });
  const child = spawn(binary, account ? ['run', '-empty'] : ['run'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await until('the desk answers', async () => (await fetch(`${url}/healthz`)).ok);

  const json = async (method, path, body, token) => {
    const answer = await fetch(url + path, {
      method,
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    url,
    async as(name) {
      const { access_token: token } = await json('POST', '/dev/token', { email: `${name}@demo.test` });
      return (method, path, body) => json(method, path, body, token);
    },
    mails: () => json('GET', '/mailbox'),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A Chromium or Chrome of this machine, or "". */
export const chromium = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path)) ?? '';
export const flags = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'];
