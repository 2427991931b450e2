/** Things kept by their id in IndexedDB. Where the browser forbids it nothing is kept, and all gives nothing. */
export interface Shelf<T> {
  all(): Promise<T[] | undefined>;
  put(thing: T): Promise<unknown>;
  remove(id: string): Promise<unknown>;
}

const entries = 'entries';

export function shelf<T extends { id: string }>(name: string): Shelf<T> {
  const opened = new Promise<IDBDatabase | undefined>((done) => {
    try {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(entries, { keyPath: 'id' });
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(undefined);
    } catch {
      done(undefined); // forbidden
    }
  });
  const run = async (act: 'getAll' | 'put' | 'delete', what?: T | string): Promise<any> => {
    const db = await opened;
    return db && new Promise((done, failed) => {
      const request = db.transaction(entries, 'readwrite').objectStore(entries)[act](what as string);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  };
  return {
    all: () => run('getAll'),
    put: (thing) => run('put', thing),
    remove: (id) => run('delete', id),
  };
}
