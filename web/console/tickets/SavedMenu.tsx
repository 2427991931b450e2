import { useNavigate } from '@tanstack/react-router';
import { Bookmark } from 'lucide-react';
import { Menu, type Items } from '../parts/Menu';
import { Icon, OnlyRead } from '../parts/parts';
import { useCell } from '../shell/cell';
import { cache, data, desk, useMe, useTicketViews, viewsQuery } from '../shell/desk';
import { ticketColumns } from '../shell/preferences';
import { open } from '../shell/stage';
import { complain } from '../shell/toasts';
import { useWords } from '../shell/words';
import { sameSearch } from './Places';
import { filterOf, goingTo } from './saved';
import type { TicketSearch } from './search';
import css from './tickets.module.css';

/** Gives what is shown a name, for oneself or for all; renames and deletes it. */
export function SavedMenu({ search, board }: { search: TicketSearch; board: boolean }) {
  const say = useWords();
  const go = useNavigate();
  const me = useMe().agent;
  const columns = useCell(ticketColumns);
  const here = useTicketViews().find((v) => goingTo(v).board === board && sameSearch(goingTo(v).search, search));
  const mine = here && (here.author === me.id || me.role === 'administrator') ? here : undefined;
  const filter = filterOf(search, board, columns);
  const save = () => {
    void go({ to: board ? '/tickets/board' : '/tickets', search: goingTo({ filter }).search as never, replace: true }); // its columns stand in the address from now on
    open({ kind: 'saveView', filter });
  };
  const remove = (id: string) => {
    cache.setQueryData(viewsQuery.queryKey, (all) => all?.filter((v) => v.id !== id));
    void data(desk.DELETE('/v1/views/{id}', { params: { path: { id } } })).catch(complain).finally(() => cache.invalidateQueries({ queryKey: viewsQuery.queryKey }));
  };
  const items = (): Items => [
    { text: say('saved.save'), run: save },
    ...(mine ? [{ text: say('saved.change'), run: () => open({ kind: 'saveView', filter: mine.filter, view: mine }) }, { text: say('saved.delete', { name: mine.name }), run: () => remove(mine.id) }] : []),
  ];
  if (me.role === 'viewer') return null;
  return <Menu label={say('saved.views')} items={items}><button type="button" className={css.filter} data-on={here ? '' : undefined}><Icon of={Bookmark} size="m" /><span className={css.ifWide}>{say('saved.save')}</span><OnlyRead>{say('saved.views')}</OnlyRead></button></Menu>;
}
