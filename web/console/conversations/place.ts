// Where one is among the conversations, as an address: /conversations/mine/<id>, /conversations/department/sales/<id>.
export const views = ['mine', 'waiting', 'unassigned', 'all', 'mentions'] as const;
export const nouns = ['department', 'inbox', 'label'] as const;
export type View = (typeof views)[number];
export type Noun = (typeof nouns)[number];

export interface Place {
  view: View | Noun;
  /** The department, inbox or label. */
  key?: string;
  /** The conversation that is shown. */
  id?: string;
}

/** Reads the part of an address after /conversations/. Unknown views are mine. */
export function placeOf(path: string): Place {
  const [first = 'mine', ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
  if ((nouns as readonly string[]).includes(first)) return { view: first as Noun, key: rest[0], id: rest[1] };
  return { view: (views as readonly string[]).includes(first) ? (first as View) : 'mine', id: rest[0] };
}

export function addressOf(place: Place): string {
  const parts = [place.view, ...(place.key ? [place.key] : []), ...(place.id ? [place.id] : [])];
  return `/conversations/${parts.map(encodeURIComponent).join('/')}`;
}
