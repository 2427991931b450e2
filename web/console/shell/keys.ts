// The keyboard: single letters act only when nobody types; a dialog that is open has the keys for itself.
import { stage } from './stage';

type Handler = () => void;
const handlers = new Map<string, Handler[]>();
let prefix = '';
let timer: ReturnType<typeof setTimeout> | undefined;
const between = 1000; // milliseconds between g and what follows

/** Listens for a key such as "t", "?" or "g c". The last who listens is heard. */
export function onKey(key: string, run: Handler): () => void {
  handlers.set(key, [...(handlers.get(key) ?? []), run]);
  return () => handlers.set(key, (handlers.get(key) ?? []).filter((h) => h !== run));
}

/** Does what the key would do now: for what is chosen elsewhere by its name. */
export const press = (key: string): void => handlers.get(key)?.at(-1)?.();

/** True for what takes letters. */
export function typesIn(el: EventTarget | null): boolean {
  return el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button)$/.test((el as HTMLInputElement).type));
}

export function listenToKeys(): void {
  addEventListener('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      stage.set({ kind: 'palette' });
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typesIn(e.target) || stage.get() || e.defaultPrevented) return;
    if (document.querySelector('[role=menu]')) return;
    const key = prefix ? `${prefix} ${e.key}` : e.key;
    clearTimeout(timer);
    prefix = '';
    if (e.key === 'g') {
      prefix = 'g';
      timer = setTimeout(() => { prefix = ''; }, between);
      return;
    }
    const run = handlers.get(key)?.at(-1);
    if (!run) return;
    e.preventDefault();
    run();
  });
}
