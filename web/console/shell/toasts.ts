// Short lines at the foot of the page: what was done, what was refused, what can be taken back for five seconds.
import { Refusal } from '@relevo/shared/api/desk';
import { cell } from './cell';
import { known, say, type Key } from './words';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'done' | 'late';
  action?: { text: string; run(): void };
  /** Shows a ring that drains over these milliseconds. */
  drains?: number;
}

const lasts = 6000;
let next = 1;
export const toasts = cell<readonly Toast[]>([]);

export function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const id = next++;
  toasts.set([...toasts.get().slice(-3), { id, text, tone: 'plain', ...more }]);
  setTimeout(() => dismiss(id), more.drains ?? lasts);
  return id;
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((t) => t.id !== id));
}

/** A sentence for a refusal, in the agent's language. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Refusal ? reasonFor(cause) : say('refused.internal');
}

/** The same for a refusal that was kept. */
export function reasonFor(cause: { code: string; status: number; message: string }): string {
  if (cause.status === 413) return say('refused.tooLarge');
  const key = `refused.${cause.code}`;
  return known(key) ? say(key as Key) : cause.message;
}

/** Tells of a refusal. */
export const complain = (cause: unknown, what?: string): void => {
  toast(what ? `${what} ${reasonOf(cause)}` : reasonOf(cause), { tone: 'late' });
};
