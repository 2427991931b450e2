// A form over one noun. Nothing typed is lost: it is kept until it is saved or thrown away on purpose, and what somebody
// else saves meanwhile comes in under it.
import { useEffect, useMemo, useRef, useState } from 'react';
import { cell } from '../shell/cell';
import { known, say, type Key } from '../shell/words';
import { belongs, changedFields, forget, keep, kept, rebase, same, sentencesFor, troubleOf, type Trouble } from './draft';

export interface Form<T extends object> {
  key: string;
  value: T;
  set(patch: Partial<T>): void;
  /** The fields that are not saved yet. */
  changed: readonly string[];
  busy: boolean;
  trouble: Trouble | undefined;
  /** True once what is shown was saved just now. */
  saved: boolean;
  /** What is shown was typed before a reload. */
  restored: boolean;
  submit(): Promise<boolean>;
  discard(): void;
  /** The sentence about a field, or, without one, about what no field shows. */
  fault(field?: string): string | undefined;
  /** Fields tell that they show their own faults. */
  shows(field: string): void;
}

/** The forms of this page in which something is not saved. */
export const unsaved = cell<readonly Pick<Form<object>, 'key' | 'submit' | 'discard'>[]>([]);

export function useForm<T extends object>({ key, noun, start, save, check }: {
  key: string;
  /** For the sentences: fault.<noun>.<field>.<kind> */
  noun: string;
  start: T;
  /** Saves it; what it throws is told beside the field that it names. */
  save(value: T): Promise<unknown>;
  /** What can be known to be wrong without asking. */
  check?(value: T): Trouble | undefined;
}): Form<T> {
  const [restored, setRestored] = useState(() => kept(key, start) !== undefined);
  const [seen, setSeen] = useState(start);
  const [base, setBase] = useState(start);
  const [value, setValue] = useState<T>(() => kept(key, start) ?? start);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const shown = useRef(new Set<string>());
  const now = useRef({ value, base, busy });
  now.current = { value, base, busy };

  if (!same(seen, start) && !busy) { // someone saved it meanwhile, or our own saving was read back
    setSeen(start);
    setBase(start);
    setValue(rebase(base, value, start));
  }
  const changed = useMemo(() => changedFields(base, value), [base, value]);
  useEffect(() => keep(key, base, value), [key, base, value]);

  const submit = async (): Promise<boolean> => {
    if (now.current.busy) return false;
    const sent = now.current.value;
    const wrong = check?.(sent);
    setTrouble(wrong);
    if (wrong) {
      focusField(key, wrong.field);
      return false;
    }
    setBusy(true);
    try {
      await save(sent);
      setBase(sent);
      setSaved(true);
      setRestored(false);
      settled(key);
      return true;
    } catch (cause) {
      const told = troubleOf(cause);
      setTrouble(told);
      focusField(key, told.field);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const discard = () => {
    setValue(now.current.base);
    setTrouble(undefined);
    setRestored(false);
    settled(key);
  };
  useUnsaved(key, changed.length > 0, submit, discard);

  const fault = (field?: string): string | undefined => {
    if (!trouble) return undefined;
    if (field !== undefined ? !belongs(trouble, field) : [...shown.current].some((f) => belongs(trouble, f))) return undefined;
    const at = sentencesFor(noun, trouble).find((k) => known(k));
    return say((at ?? 'refused.internal') as Key);
  };
  return {
    key, value, changed, busy, trouble, saved: saved && changed.length === 0, restored, submit, discard, fault,
    shows: (field) => shown.current.add(field),
    set: (patch) => {
      setSaved(false);
      setValue((was) => ({ ...was, ...patch }));
      if (trouble && Object.keys(patch).some((k) => belongs(trouble, k))) setTrouble(undefined);
    },
  };
}

/** At once, for who saved or discarded may leave in the same breath. */
function settled(key: string): void {
  forget(key);
  unsaved.set(unsaved.get().filter((f) => f.key !== key));
}

/** A part of a noun as a form of its own: "campaign", with its fields "campaign.message" and so on. */
export function within<T extends object, K extends keyof T & string>(form: Form<T>, name: K): Form<T[K] & object> {
  const value = form.value[name] as T[K] & object;
  return {
    ...form, key: `${form.key}-${name}`, value,
    set: (patch) => form.set({ [name]: { ...value, ...patch } } as unknown as Partial<T>),
    fault: (field) => form.fault(field === undefined ? undefined : `${name}.${field}`),
    shows: (field) => form.shows(`${name}.${field}`),
  };
}

function useUnsaved(key: string, is: boolean, submit: () => Promise<boolean>, discard: () => void): void {
  const doing = useRef({ submit, discard });
  doing.current = { submit, discard };
  useEffect(() => {
    if (!is) return undefined;
    unsaved.set([...unsaved.get(), { key, submit: () => doing.current.submit(), discard: () => doing.current.discard() }]);
    return () => unsaved.set(unsaved.get().filter((f) => f.key !== key));
  }, [key, is]);
}

export const idOf = (key: string, field: string): string => `${key}-${field}`.replace(/[^\w-]/g, '-');

function focusField(key: string, field: string | undefined): void {
  for (let at = field; at; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const el = document.getElementById(idOf(key, at));
    if (el) return el.focus();
  }
}
