/** Two lists together as far down as both were read, newest first: ids sort by time. more: a list goes on below what was read of it. */
export function merged<A extends { id: string }, B extends { id: string }>(one: readonly A[], moreOfOne: boolean, other: readonly B[], moreOfOther: boolean): (A | B)[] {
  const end = (all: readonly { id: string }[], more: boolean) => (more ? all.at(-1)?.id ?? '~' : '');
  const ends = [end(one, moreOfOne), end(other, moreOfOther)].sort();
  return [...one, ...other].filter((x) => x.id >= (ends[1] ?? '')).sort((a, b) => (a.id < b.id ? 1 : -1));
}
