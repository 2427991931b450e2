// The files that wait for the next message; each is uploaded as soon as it is chosen.
import type { Call } from './desk';
import type { AttachmentRef, UploadForm } from './wire';

export interface Upload {
  name: string;
  /** 0 to 1. */
  share: number;
  ref?: AttachmentRef;
  fault?: 'large' | 'failed';
  stop(): void;
}

const most = 10; // files of a message

export let files: Upload[] = [];

/** Lets go of the files: they were sent. */
export const leave = (): void => void (files = []);

/** Takes a file out of the next message. */
export function detach(file: Upload): void {
  file.stop();
  files = files.filter((f) => f !== file);
}

/** Uploads files of at most room bytes each by a signed form; changed is told of every step. */
export function attach(chosen: File[], call: Call, room: number, changed: () => void): void {
  for (const file of chosen.slice(0, most - files.length)) files.push(upload(file, call, room, changed));
  changed();
}

function upload(file: File, call: Call, room: number, changed: () => void): Upload {
  const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
  const { name, size } = file;
  const up: Upload = { name, share: 0, stop: () => request.abort() };
  const fail = ({ status }: { status: number }) => {
    up.fault = status === 413 ? 'large' : 'failed';
    changed();
  };
  const send = ({ key, url, fields }: UploadForm) => {
    const body = new FormData();
    for (const field in fields) body.append(field, fields[field]!);
    body.append('file', file);
    request.open('POST', url);
    request.upload.onprogress = (e) => {
      up.share = e.loaded / e.total;
      changed();
    };
    request.onloadend = () => {
      if (request.status && request.status < 300) up.ref = { key, name };
      else fail(request);
      changed();
    };
    request.send(body);
  };
  if (size > room) fail({ status: 413 });
  else call<UploadForm>('POST', 'uploads', { name, size, type: file.type || 'application/octet-stream' }).then(send, fail);
  return up;
}
