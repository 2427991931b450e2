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
  const run = async (act: (store: IDBObjectStore) => IDBRequest, instead: () => unknown) => {
    const db = await opened;
    if (!db) return instead();
    return new Promise<unknown>((done, failed) => {
      const request = act(db.transaction(entries, 'readwrite').objectStore(entries));
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  };
  return {
    all: () => run((store) => store.getAll(), () => [...memory.values()]) as Promise<T[]>,
    put: (thing) => run((store) => store.put(thing), () => memory.set(thing.id, thing)),
    remove: (id) => run((store) => store.delete(id), () => memory.delete(id)),
  };
}
