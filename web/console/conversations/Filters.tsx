import { useNavigate } from '@tanstack/react-router';
import { ArrowDown, Bookmark, ChevronDown } from 'lucide-react';
import { Menu, type Items } from '../parts/Menu';
import { Button, Icon, OnlyRead } from '../parts/parts';
import { cache, data, desk, useMe, useViews, viewsQuery } from '../shell/desk';
import { open } from '../shell/stage';
import { complain } from '../shell/toasts';
import { useWords } from '../shell/words';
import css from './conversations.module.css';
import { addressOf, views, type Place } from './place';
import { filterOf, goingTo, isHere } from './saved';
import { useCountOf, useNouns, type ListSearch } from './useList';

const statuses = ['open', 'pending', 'snoozed', 'resolved'] as const;
const priorities = ['urgent', 'high', 'medium', 'low', 'none'] as const;

/** Under 1200 px the views fold into a menu at the title. */
export function ViewMenu({ place, search }: { place: Place; search: ListSearch }) {
  const say = useWords();
  const go = useNavigate();
  const nouns = useNouns();
  const total = useCountOf();
  const saved = useViews();
  const to = (p: Place, s: ListSearch = {}) => () => void go({ to: addressOf(p), search: s as never });
  return (
    <Menu label={say('views')} items={() => [
      ...views.map((view) => ({ text: say(`view.${view}`), end: total({ view }), checked: place.view === view, run: to({ view }) })),
      ...(saved.length > 0 ? [{ head: say('saved.views') }, ...saved.map((v) => ({ text: v.name, checked: isHere(v, place, search), run: to(goingTo(v).place, goingTo(v).search) }))] : []),
      ...nouns.flatMap(({ view, title, all }) => (all.length > 0
        ? [{ head: say(title) }, ...all.map((n) => ({ text: n.name, end: total({ view, key: n.id }), checked: place.view === view && place.key === n.id, run: to({ view, key: n.id }) }))] : [])),
    ]}>
      <Button className={css.narrow} icon={ChevronDown} name={say('list.otherView')} />
    </Menu>
  );
}

/** What narrows and orders the list, and a name for it. */
export function Filters({ place, search }: { place: Place; search: ListSearch }) {
  const say = useWords();
  const go = useNavigate();
  const set = (next: ListSearch) => () => void go({ to: addressOf(place), search: { ...search, ...next } as never, replace: true });
  const status = search.status ?? 'open';
  const sort = search.sort ?? 'newest';
  const narrowed = (): Items => [
    { head: say('status') }, ...statuses.map((s) => ({ text: say(`statuses.${s}`), checked: s === status, run: set({ status: s === 'open' ? undefined : s }) })),
    { head: say('details.priority') }, { text: say('priority.any'), checked: !search.priority, run: set({ priority: undefined }) },
    ...priorities.map((p) => ({ text: say(`priority.${p}`), checked: p === search.priority, run: set({ priority: p }) })),
  ];
  return (
    <div className={`${css.bar} ${css.thin}`}>
      <Menu label={say('status')} items={narrowed}>
        <button type="button" className={css.filter}><OnlyRead>{say('status')}: </OnlyRead>{say(`statuses.${status}`)}{search.priority && ` · ${say(`priority.${search.priority}`)}`}<Icon of={ChevronDown} size="s" /></button>
      </Menu>
      <SavedMenu place={place} search={search} />
      <Menu label={say('sort')} items={() => (['newest', 'waiting'] as const).map((s) => ({ text: say(`sort.${s}`), checked: s === sort, run: set({ sort: s === 'newest' ? undefined : s }) }))}>
        <button type="button" className={`${css.filter} ${css.push}`}><OnlyRead>{say('sort')}: </OnlyRead>{say(`sort.${sort}`)}<Icon of={ArrowDown} size="s" /></button>
      </Menu>
    </div>
  );
}

function SavedMenu({ place, search }: { place: Place; search: ListSearch }) {
  const say = useWords();
  const me = useMe().agent;
  const here = useViews().find((v) => isHere(v, place, search));
  const mine = here && (here.author === me.id || me.role === 'administrator') ? here : undefined;
  const filter = filterOf(place, search);
  const remove = (id: string) => {
    cache.setQueryData(viewsQuery.queryKey, (all) => all?.filter((v) => v.id !== id));
    void data(desk.DELETE('/v1/views/{id}', { params: { path: { id } } })).catch(complain).finally(() => cache.invalidateQueries({ queryKey: viewsQuery.queryKey }));
  };
  const items = (): Items => [
    { text: say('saved.save'), run: () => open({ kind: 'saveView', filter }) },
    ...(mine ? [{ text: say('saved.change'), run: () => open({ kind: 'saveView', filter: mine.filter, view: mine }) }, { text: say('saved.delete', { name: mine.name }), run: () => remove(mine.id) }] : []),
  ];
  return <Menu label={say('saved.views')} items={items}><Button tiny icon={Bookmark} name={say('saved.save')} aria-pressed={Boolean(here)} /></Menu>;
}
