// Where one can go among the tickets.
import { Link, useNavigate } from '@tanstack/react-router';
import { Bookmark, ChevronDown, CircleDashed, ClockAlert, Search, SquareKanban, Ticket as TicketIcon, UserRound, UsersRound, type LucideIcon } from 'lucide-react';
import { Menu } from '../parts/Menu';
import looks from '../parts/places.module.css';
import { Button, Icon, join, Key } from '../parts/parts';
import { useTicketViews } from '../shell/desk';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import { goingTo } from './saved';
import { myself, none, type TicketSearch } from './search';
import css from './tickets.module.css';

interface Place { name: 'tickets.mine' | 'tickets.unassigned' | 'tickets.soonest' | 'tickets.all' | 'tickets.boardOf'; icon: LucideIcon; search: TicketSearch; board: boolean }

const places: readonly Place[] = [
  { name: 'tickets.mine', icon: UserRound, search: { responsible: myself }, board: false },
  { name: 'tickets.unassigned', icon: CircleDashed, search: { responsible: none }, board: false },
  { name: 'tickets.soonest', icon: ClockAlert, search: { sort: 'due' }, board: false },
  { name: 'tickets.all', icon: TicketIcon, search: {}, board: false },
  { name: 'tickets.boardOf', icon: SquareKanban, search: {}, board: true },
];

/** Whether two searches show the same. */
export const sameSearch = (a: TicketSearch, b: TicketSearch): boolean => {
  const names = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof TicketSearch)[]);
  return [...names].every((n) => a[n] === b[n]);
};

export const isHere = (search: TicketSearch, board: boolean): Place['name'] | undefined => places.find((p) => p.board === board && sameSearch(p.search, search))?.name;

const to = (board: boolean) => (board ? '/tickets/board' : '/tickets');

export function Going() {
  const say = useWords();
  const saved = useTicketViews();
  return (
    <>
      <div className={css.indexBar}><button type="button" className={css.palette} onClick={() => open({ kind: 'palette' })}><Icon of={Search} size="m" /><span>{say('palette.open')}</span><Key>Ctrl K</Key></button></div>
      <div className={join(css.places, looks.places)}>
        <ul>
          {places.map((p) => (
            <li key={p.name}><Link to={to(p.board)} search={p.search as never} activeOptions={{ exact: true, includeSearch: true }} className={looks.go}><Icon of={p.icon} size="m" /><span>{say(p.name)}</span></Link></li>
          ))}
        </ul>
        {saved.length > 0 && <h2>{say('saved.views')}</h2>}
        <ul>
          {saved.map((v) => {
            const there = goingTo(v);
            return <li key={v.id}><Link to={to(there.board)} search={there.search as never} activeOptions={{ exact: true, includeSearch: true }} className={looks.go}><Icon of={there.board ? SquareKanban : v.shared ? UsersRound : Bookmark} size="m" /><span>{v.name}</span></Link></li>;
          })}
        </ul>
      </div>
    </>
  );
}

/** Under 1200 px they fold into a menu at the title. */
export function PlacesMenu({ search, board }: { search: TicketSearch; board: boolean }) {
  const say = useWords();
  const go = useNavigate();
  const saved = useTicketViews();
  const item = (text: string, there: { search: TicketSearch; board: boolean }) => ({ text, checked: there.board === board && sameSearch(there.search, search), run: () => void go({ to: to(there.board), search: there.search as never }) });
  return (
    <Menu label={say('views')} items={() => [...places.map((p) => ({ ...item(say(p.name), p), icon: p.icon })), ...(saved.length > 0 ? [{ head: say('saved.views') }] : []), ...saved.map((v) => item(v.name, goingTo(v)))]}>
      <Button className={css.narrow} icon={ChevronDown} name={say('list.otherView')} />
    </Menu>
  );
}
