// One way to the API for all pages.

export class Refusal extends Error {
  constructor(status, error = {}) {
    super(error.message ?? 'no connection');
    Object.assign(this, { status, code: error.code ?? 'unavailable', field: error.field });
  }
}

/** Makes call(method, path, body). token(renew) gives a token, a new one if the last was refused. */
export function client(token) {
  return async function call(method, path, body) {
    for (const renew of [false, true]) {
      let answer;
      try {
        answer = await fetch(path, {
          method,
          headers: { Authorization: `Bearer ${await token(renew)}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
          body: body === undefined ? undefined : JSON.stringify(body),
        });
      } catch (cause) {
        if (cause instanceof Refusal) throw cause;
        throw new Refusal(0); // no connection
      }
      if (answer.status === 401 && !renew) continue;
      const said = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : undefined;
      if (!answer.ok) throw new Refusal(answer.status, said?.error);
      return said;
    }
  };
}

/** Uploads a file and gives what a message names it by. progress(share) gets 0 to 1. */
export async function upload(call, path, file, progress = () => {}) {
  const form = await call('POST', path, { name: file.name, type: file.type || 'application/octet-stream', size: file.size });
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', form.url);
    request.upload.onprogress = (e) => progress(e.loaded / e.total);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Refusal(request.status, { message: 'the file was not taken', code: 'invalid' })));
    request.onerror = () => reject(new Refusal(0));
    request.send(body);
  });
  return { key: form.key, name: file.name };
}
