/** How long to wait before the next of some tries, in ms: 1, 2, 4 s and so on up to 30, each with some chance in it. */
export const pause = (tries: number): number => Math.min(30_000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
