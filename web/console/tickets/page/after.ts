const digits = '0123456789abcdefghijklmnopqrstuv'; // of ids, in their order

/** The id that follows at once: what comes before it includes the id itself. */
export function after(id: string): string {
  const last = id.at(-1) ?? '', head = id.slice(0, -1);
  return last === 'v' ? `${after(head)}0` : head + (digits[digits.indexOf(last) + 1] ?? '');
}
