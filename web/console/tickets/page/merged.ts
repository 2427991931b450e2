/** Two lists together as far down as both were read, newest first: ids sort by time. more: a list goes on below what was read of it. */
export function merged<A extends { id: string }, B extends { id: string }>(one: readonly A[], moreOfOne: boolean, other: readonly B[], moreOfOther: boolean): (A | B)[] {
  const end = (all: readonly { id: string }[], more: boolean) => (more ? all.at(-1)?.id ?? '~' : '');
  const ends = [end(one, moreOfOne), end(other, moreOfOther)].sort();
  return [...one, ...other].filter((x) => x.id >= (ends[1] ?? '')).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The numbers of the tickets that came into one by a merge that was not taken back, by its changes, newest first. */
export function mergedFrom(changes: readonly { fields: readonly { field: string; from?: string; to?: string }[] }[]): number[] {
  const merged = new Set<number>();
  for (const f of changes.toReversed().flatMap((c) => c.fields)) {
    if (f.field !== 'merged_from') continue;
    if (f.to) merged.add(Number(f.to));
    else merged.delete(Number(f.from));
  }
  return [...merged];
}
