/** Things kept by their id: in IndexedDB, or in memory where the browser forbids it. */
export interface Shelf<T> {
  all(): Promise<T[]>;
  put(thing: T): Promise<unknown>;
  remove(id: string): Promise<unknown>;
}

const entries = 'entries';

export function shelf<T extends { id: string }>(name: string): Shelf<T> {
  const memory = new Map<string, T>();
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
  const run = async (act: 'getAll' | 'put' | 'delete', id?: string, thing?: T): Promise<any> => {
    const db = await opened;
    if (!db) return thing ? memory.set(id!, thing) : id ? memory.delete(id) : [...memory.values()];
    return new Promise((done, failed) => {
      const request = db.transaction(entries, 'readwrite').objectStore(entries)[act]((thing ?? id) as string);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  };
  return {
    all: () => run('getAll'),
    put: (thing) => run('put', thing.id, thing),
    remove: (id) => run('delete', id),
  };
}
