// A file on its way to the desk's store: a form first, then the bytes straight to where they lie.
import { Refusal } from './api/desk';

export interface UploadForm {
  key: string;
  url: string;
  fields: { [name: string]: string };
}

/** Sends the bytes; progress gets shares from 0 to 1. Rejects with a Refusal, or with AbortError when stopped. */
export function upload(form: UploadForm, file: File, progress: (share: number) => void, signal: AbortSignal): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', form.url);
    request.upload.onprogress = (e) => progress(e.total > 0 ? e.loaded / e.total : 0);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Refusal('invalid', request.status, 'the file was not taken')));
    request.onerror = () => reject(new Refusal('offline', 0, 'no connection'));
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
