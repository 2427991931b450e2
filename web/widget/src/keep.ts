// What lasts: the iframe origin's localStorage, or memory where the browser forbids it (then the visitor is new next time).

export interface Keep {
  /** What was saved, or "". */
  get(name: string): string;
  /** Saves a value; an empty one removes it. */
  set(name: string, value: string): void;
}

let storage: Storage | undefined;
try {
  storage = localStorage;
} catch {
  // forbidden: memory it is
}

/** Keeps under a prefix, such as "relevo.web." */
export function keep(prefix: string): Keep {
  const memory: Record<string, string> = {};
  return {
    get: (name) => (storage ? storage.getItem(prefix + name) : memory[name]) ?? '',
    set(name, value) {
      memory[name] = value;
      if (value) storage?.setItem(prefix + name, value);
      else storage?.removeItem(prefix + name);
    },
  };
}

/** Runs work in one tab of this origin at a time. Where storage is forbidden, so are locks; and plain http has none. */
export const alone = async <T>(name: string, work: () => Promise<T>): Promise<T> =>
  (storage && navigator.locks ? navigator.locks.request('relevo.' + name, work) : work()) as Promise<T>;
