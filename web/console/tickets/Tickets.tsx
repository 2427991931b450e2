// The screen of the tickets: where one can go, what narrows them, and the list or board of them (B85).
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronDown, Columns3, Funnel, List as ListIcon, Plus, Search, SquareKanban, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Menu, type Item } from '../parts/Menu';
import { Button, Icon, join, OnlyRead } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useCell } from '../shell/cell';
import { alive, useAgents, useMe, useTicketViews } from '../shell/desk';
import { onKey } from '../shell/keys';
import { ticketColumns } from '../shell/preferences';
import { Rail } from '../shell/Rail';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import { columnsOf, shownColumns } from './columns';
import { Going, isHere, PlacesMenu, sameSearch } from './Places';
import { goingTo } from './saved';
import { SavedMenu } from './SavedMenu';
import { chosen, useTicketSettings, type TicketField } from './lists';
import ListView from './ListView';
import { useColumnsBy, useNames } from './names';
import { groupings, listStatuses, myself, narrowings, none, sorts, tidy, type By, type TicketSearch } from './search';
import css from './tickets.module.css';

const BoardView = lazy(() => import('./BoardView'));
export const boardColumns = 10; // as the desk reads at once

/** Where one is: what is searched, and as list or board. */
export interface Shown { search: TicketSearch; board: boolean }

export default function Tickets() {
  const say = useWords();
  const go = useNavigate();
  const board = useLocation({ select: (l) => l.pathname === '/tickets/board' });
  const search = useSearch({ strict: false }) as TicketSearch;
  const s = useTicketSettings();
  const reader = useMe().agent.role === 'viewer';
  const mine = useCell(ticketColumns);
  const [total, setTotal] = useState('');
  const by = board ? (search.by ?? 'status') : search.by;
  const columns = useColumnsBy(by ?? 'status').slice(0, boardColumns);
  const show = (next: TicketSearch, as = board) => void go({ to: as ? '/tickets/board' : '/tickets', search: tidy(next) as never, replace: as === board });
  const clear = () => show({ by: search.by, sort: search.sort, columns: search.columns });
  useWatching();
  useKeys(board, reader);
  const fresh = () => open({ kind: 'newTicket', set: search });
  return (
    <div className={css.frame}>
      <Rail />
      <nav className={css.index} aria-label={say('views')}><Going /></nav>
      <main className={css.main} aria-labelledby="tickets-title">
        <header className={css.bar}>
          <h1 className={css.title} id="tickets-title"><Title search={search} board={board} /></h1><span className={parts.help}>{!board && total}</span>
          <PlacesMenu search={search} board={board} />
          <div className={join(parts.segments, css.as)} role="group" aria-label={say('tickets.as')}>
            <button type="button" className={parts.segment} aria-pressed={board} aria-label={say('tickets.board')} title={say('tickets.board')} onClick={() => show({ ...search, q: undefined, sort: search.sort === 'due' ? undefined : search.sort }, true)}><Icon of={SquareKanban} size="m" /><span>{say('tickets.board')}</span></button>
            <button type="button" className={parts.segment} aria-pressed={!board} aria-label={say('tickets.list')} title={say('tickets.list')} onClick={() => show({ ...search, by: search.by }, false)}><Icon of={ListIcon} size="m" /><span>{say('tickets.list')}</span></button>
          </div>
          {!reader && <Button look="go" icon={Plus} onClick={fresh} aria-label={say('newTicket')}><span className={css.ifWide}>{say('newTicket')}</span></Button>}
        </header>
        <Filters search={search} board={board} by={by} show={show} />
        {board ? (
          <Suspense fallback={null}><BoardView key={by} search={search} by={by ?? 'status'} columns={columns} /></Suspense>
        ) : (
          <ListView search={search} columns={shownColumns(columnsOf(search.columns) ?? mine, s)} onSort={(sort) => show({ ...search, sort })} clear={clear} total={setTotal} />
        )}
      </main>
    </div>
  );
}

function Title({ search, board }: Shown) {
  const say = useWords();
  const here = isHere(search, board);
  const saved = useTicketViews().find((v) => goingTo(v).board === board && sameSearch(goingTo(v).search, search));
  return <>{saved?.name ?? (here ? say(here) : say('tickets'))}</>;
}

/** Hears of every ticket while tickets are shown. */
function useWatching(): void {
  useEffect(() => {
    let off: (() => void) | undefined;
    let gone = false;
    void import('../shell/live').then(({ watchTickets }) => { if (!gone) off = watchTickets(''); });
    return () => { gone = true; off?.(); };
  }, []);
}

/** j k go from row to row, c makes a ticket, / goes to the search. */
function useKeys(board: boolean, reader: boolean): void {
  useEffect(() => {
    const step = (by: number) => () => {
      const links = [...document.querySelectorAll<HTMLElement>(board ? '[data-card]' : '[data-go]')];
      const at = links.indexOf(document.activeElement as HTMLElement);
      links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
    };
    const off = [onKey('j', step(1)), onKey('k', step(-1)), onKey('o', () => (document.activeElement as HTMLElement | null)?.click()), onKey('/', () => document.querySelector<HTMLElement>('#ticket-search')?.focus()), onKey('c', () => { if (!reader) open({ kind: 'newTicket' }); })];
    return () => off.forEach((f) => f());
  }, [board, reader]);
}

function Filters({ search, board, by, show }: Shown & { by: By | undefined; show(next: TicketSearch, as?: boolean): void }) {
  const say = useWords();
  const s = useTicketSettings();
  const names = useNames();
  const me = useMe().agent.id;
  const agents = alive(useAgents()).filter((a) => a.role !== 'viewer' && a.id !== me);
  const on = (field: TicketField) => !s.disabled.includes(field);
  const set = (patch: TicketSearch) => () => show({ ...search, ...patch });
  const statusName = (x: (typeof listStatuses)[number]) => say(x === 'open' || x === 'done' ? `tickets.status.${x}` : `ticketStatus.${x}`);
  const statuses = listStatuses.map((x): Item => ({ text: statusName(x), checked: x === (search.status ?? 'open'), run: set({ status: x }) }));
  const pick = (field: 'responsible' | 'priority' | 'service', all: [string | undefined, string][]): Item[] => all.map(([id, text]) => ({ text, checked: search[field] === id, run: set({ [field]: id }) }));
  const people: [string | undefined, string][] = [[undefined, say('tickets.any')], [myself, say('tickets.me')], [none, say('nobody')], ...agents.map((a): [string, string] => [a.id, a.name])];
  const priorities: [string | undefined, string][] = [[undefined, say('tickets.any')], ...chosen(s.priorities).reverse().map((p): [string, string] => [p.id, names.priority(p.id)]), [none, say('tickets.noPriority')]];
  const services: [string | undefined, string][] = [[undefined, say('tickets.any')], ...chosen(s.services).map((v): [string, string] => [v.id, v.name]), [none, say('tickets.noService')]];
  const groups = groupings.filter((g) => g === 'responsible' || on(g));
  const word = (g: By) => say(g === 'status' ? 'status' : g === 'responsible' ? 'ticket.responsible' : `tickets.${g}`);
  const few = narrowings(search);
  const columns = () => {
    const told = columnsOf(search.columns);
    if (told) { // those of a saved view become one's own, to be changed
      ticketColumns.set(told);
      show({ ...search, columns: undefined });
    }
    open({ kind: 'columns' });
  };
  return (
    <div className={css.filters} role="toolbar" aria-label={say('tickets.narrow')}>
      {!board && <Find search={search} show={show} />}
      {!search.q && <Drop label={say('tickets.by')} text={`${say('tickets.by')}: ${by ? word(by) : say('tickets.none.by')}`} items={() => [...(board ? [] : [{ text: say('tickets.none.by'), checked: !by, run: set({ by: undefined }) }]), ...groups.map((g) => ({ text: word(g), checked: g === by, run: set({ by: g }) }))]} />}
      {on('status') && by !== 'status' && <Drop label={say('status')} text={statusName(search.status ?? 'open')} items={() => statuses} />}
      {by !== 'responsible' && <Drop wide label={say('ticket.responsible')} chosen={people.find(([id]) => id && id === search.responsible)?.[1]} items={() => pick('responsible', people)} />}
      {on('priority') && by !== 'priority' && <Drop wide label={say('tickets.priority')} chosen={priorities.find(([id]) => id && id === search.priority)?.[1]} items={() => pick('priority', priorities)} />}
      {on('service') && by !== 'service' && services.length > 2 && <Drop wide label={say('tickets.service')} chosen={services.find(([id]) => id && id === search.service)?.[1]} items={() => pick('service', services)} />}
      <button type="button" className={css.filter} aria-haspopup="dialog" onClick={() => open({ kind: 'narrow', search, take: (next) => show(next) })}><Icon of={Funnel} size="m" /><span>{few > 0 ? say('tickets.narrowed', { count: few }) : say('tickets.narrow')}</span></button>
      {few > 0 && <button type="button" className={css.filter} onClick={() => show({ by: search.by, sort: search.sort, columns: search.columns, status: search.status, q: search.q })}><Icon of={X} size="m" /><span>{say('tickets.clear')}</span></button>}
      <span className={css.push} />
      {!board && !by && !search.q && <Drop label={say('sort')} text={say(`tickets.sort.${search.sort ?? 'newest'}`)} items={() => sorts.filter((x) => x !== 'due' || on('due')).map((x) => ({ text: say(`tickets.sort.${x}`), checked: x === (search.sort ?? 'newest'), run: set(x === 'due' && (search.status === 'done' || search.status === 'resolved' || search.status === 'closed') ? { sort: x, status: undefined } : { sort: x }) }))} />}
      {!board && <button type="button" className={css.filter} aria-haspopup="dialog" onClick={columns}><Icon of={Columns3} size="m" /><span className={css.ifWide}>{say('tickets.columns')}</span><OnlyRead>{say('tickets.columns')}</OnlyRead></button>}
      <SavedMenu search={search} board={board} />
    </div>
  );
}

function Drop({ label, text, chosen: is, items, wide }: { label: string; text?: string; chosen?: string; items: () => readonly (Item | { head: string })[]; wide?: boolean }) {
  return (
    <Menu label={label} items={items}>
      <button type="button" className={join(css.filter, wide && css.onlyWide)} data-on={is ? '' : undefined}>{is && <OnlyRead>{label}: </OnlyRead>}{text ?? is ?? label}<Icon of={ChevronDown} size="s" /></button>
    </Menu>
  );
}

const pause = 200; // milliseconds after the last letter

/** By number and words, as one types. */
function Find({ search, show }: { search: TicketSearch; show(next: TicketSearch): void }) {
  const say = useWords();
  const [typed, type] = useState(search.q ?? '');
  useEffect(() => type(search.q ?? ''), [search.q]);
  useEffect(() => {
    if (typed.trim() === (search.q ?? '')) return undefined;
    const timer = setTimeout(() => show({ ...search, q: typed.trim() || undefined }), pause);
    return () => clearTimeout(timer);
  }, [typed]); // what else changes meanwhile has no part in it
  return <label className={css.find}><Icon of={Search} size="m" /><OnlyRead>{say('tickets.find')}</OnlyRead><input id="ticket-search" type="search" value={typed} maxLength={200} placeholder={say('tickets.find')} autoComplete="off" onChange={(e) => type(e.target.value)} /></label>;
}
