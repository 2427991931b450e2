// A file that waits for the next message; it is uploaded as soon as it is chosen.
import type { Call } from './api';
import type { AttachmentRef, UploadForm } from './wire';

export interface Upload {
  id: string;
  name: string;
  /** 0 to 1. */
  share: number;
  ref?: AttachmentRef;
  fault?: 'large' | 'failed';
  stop(): void;
}

/** Uploads a file of at most most bytes by a signed form; change is told of every step. */
export function upload(call: Call, id: string, file: File, most: number, change: () => void): Upload {
  const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
  const { name, size } = file;
  const up: Upload = { id, name, share: 0, stop: () => request.abort() };
  const set = (now: Partial<Upload>) => {
    Object.assign(up, now);
    change();
  };
  const fail = ({ status }: { status: number }) => set({ fault: status === 413 ? 'large' : 'failed' });
  const send = ({ key, url, fields }: UploadForm) => {
    const body = new FormData();
    for (const field in fields) body.append(field, fields[field]!);
    body.append('file', file);
    request.open('POST', url);
    request.upload.onprogress = (e) => set({ share: e.loaded / e.total });
    request.onloadend = () => (request.status && request.status < 300 ? set({ ref: { key, name } }) : fail(request));
    request.send(body);
  };
  if (size > most) fail({ status: 413 });
  else call<UploadForm>('POST', 'uploads', { name, size, type: file.type || 'application/octet-stream' }).then(send, fail);
  return up;
}
