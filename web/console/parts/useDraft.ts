// What was typed into a dialog and not sent. It is kept as the composer keeps its drafts: a dialog that is left by Escape, by
// a press beside it or by a reload has it again when it is opened.
import { keptCell, useCell } from '../shell/cell';

const drafts = keptCell<Record<string, object>>('relevo.dialogs', {});
const most = 50; // the oldest go

export interface Draft<T> {
  value: T;
  set(change: Partial<T>): void;
  /** Once it was sent, or thrown away on purpose. */
  forget(): void;
  /** Something stands in it. */
  typed: boolean;
}

/** The draft of a dialog by its name, "close.<conversation>"; start is what stands in it first. */
export function useDraft<T extends object>(name: string, start: T): Draft<T> {
  const kept = useCell(drafts)[name];
  const value = { ...start, ...kept };
  return {
    value, typed: kept !== undefined,
    set: (change) => {
      const { [name]: now, ...others } = drafts.get();
      drafts.set(Object.fromEntries([...Object.entries(others), [name, { ...now, ...change }]].slice(-most)));
    },
    forget: () => forgetDraft(name),
  };
}

export function forgetDraft(name: string): void {
  const { [name]: gone, ...others } = drafts.get();
  if (gone) drafts.set(others);
}
