// Saved views: a name for a place with what narrows and orders it.
import type { SavedView } from '@relevo/shared/api/desk';
import { addressOf, type Noun, type Place, type View } from './place';
import type { ListSearch } from './useList';

type Filter = SavedView['filter'];

/** Where a saved view leads. */
export function goingTo({ filter: f }: Pick<SavedView, 'filter'>): { place: Place; search: ListSearch } {
  const noun = f.view === 'all' ? (['department', 'inbox', 'label'] as const).find((n) => f[n]) : undefined;
  return {
    place: noun ? { view: noun, key: f[noun] } : { view: f.view as View },
    search: {
      ...(f.status && f.status !== 'open' ? { status: f.status } : {}),
      ...(f.sort === 'waiting' ? { sort: 'waiting' } : {}),
      ...(f.priority ? { priority: f.priority } : {}),
    },
  };
}

/** What a saved view of this place holds. */
export function filterOf(place: Place, search: ListSearch): Filter {
  const noun = place.key ? { view: 'all' as const, [place.view as Noun]: place.key } : { view: place.view as View };
  return {
    ...noun,
    ...(search.status ? { status: search.status } : {}),
    ...(search.sort ? { sort: search.sort === 'waiting' ? 'waiting' as const : 'activity' as const } : {}),
    ...(search.priority ? { priority: search.priority } : {}),
  };
}

/** True if a saved view is what is shown. */
export function isHere(view: Pick<SavedView, 'filter'>, place: Place, search: ListSearch): boolean {
  const there = goingTo(view);
  return addressOf(there.place) === addressOf({ ...place, id: undefined }) && there.search.status === search.status && there.search.sort === search.sort && there.search.priority === search.priority;
}
