/** Milliseconds to wait before the nth try again: none, then 1, 2, 4, … at most 30 s, each with some chance in it. */
export function wait(tries: number, random: () => number = Math.random): number {
  if (tries <= 0) return random() * 250;
  const full = Math.min(30_000, 1000 * 2 ** (tries - 1));
  return full * (0.5 + random() / 2);
}
