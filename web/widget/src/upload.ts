// The files that wait for the next message; each is uploaded as soon as it is chosen.
import { parts } from './chat';
import type { AttachmentRef, UploadForm } from './wire';

export interface Upload {
  name: string;
  /** 0 to 1. */
  share: number;
  ref?: AttachmentRef;
  /** Why it is not there: the status of the answer, -1 for none, or tooMany. */
  fault?: number;
  stop(): void;
  /** Uploads it, or tries again. */
  go(): void;
}

const most = 10; // files of a message
/** No status: there are more files than a message takes. */
export const tooMany = 1;

export let files: Upload[] = [];

/** Lets go of the files: they were sent. */
export const leave = (): void => void (files = []);

/** Takes a file out of the next message. */
export function detach(file: Upload): void {
  file.stop();
  files = files.filter((f) => f !== file);
}

/** Uploads files by a signed form each. */
export function attach(chosen: File[]): void {
  for (const file of chosen) {
    const up = upload(file);
    files.push(up);
    up.go();
  }
}

function upload(file: File): Upload {
  const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
  const { name, size } = file, { changed } = parts;
  const fail = ({ status }: { status?: number }) => {
    up.fault = status || -1;
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
  const up: Upload = {
    name,
    share: 0,
    stop: () => request.abort(),
    go() {
      delete up.fault;
      changed();
      if (files.indexOf(up) >= most) fail({ status: tooMany });
      else if (size > parts.room) fail({ status: 413 });
      else parts.call<UploadForm>('POST', 'uploads', { name, size, type: file.type || 'application/octet-stream' }).then(send, fail);
    },
  };
  return up;
}
