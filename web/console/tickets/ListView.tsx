import type { Ticket } from '@relevo/shared/api/desk';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleAlert, SearchX, Ticket as TicketIcon } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Blank, Bone, Button, Icon } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { clock } from '../parts/time';
import { useMe } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import type { ColumnName } from './columns';
import { columnQuery, foundQuery, ticketListQuery, ticketsIn } from './lists';
import { useColumnsBy, type Column } from './names';
import { Head, Row } from './Rows';
import { askedOf, holds, narrowings, type Asked, type By, type Sort, type TicketSearch } from './search';
import css from './list.module.css';

interface Shown { search: TicketSearch; columns: readonly ColumnName[]; onSort(sort: Sort): void; clear(): void; total(text: string): void }

/** The tickets as rows: of one list, found by words, or in groups. */
export default function ListView(props: Shown) {
  if (props.search.q) return <Found {...props} q={props.search.q} />;
  if (props.search.by) return <Groups {...props} by={props.search.by} />;
  return <Whole {...props} />;
}

/** A list that is read page by page, and drawn as far as it is seen. */
function Whole({ search, columns, onSort, clear, total }: Shown) {
  const me = useMe().agent.id;
  const asked = askedOf(search, me);
  const query = useInfiniteQuery(ticketListQuery(asked));
  const rows = ticketsIn(query.data);
  const more = query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError ? () => void query.fetchNextPage() : undefined;
  useTotal(total, query.data && rows.length, query.hasNextPage);
  useEffect(() => { if (rows.length === 0) more?.(); }, [rows.length, more]); // a page may hold nothing and still not be the last
  if (query.isError && !query.data) return <Failed fault={query.error} again={() => void query.refetch()} />;
  if (query.isPending) return <Bones />;
  return (
    <>
      {query.isError && <Stale at={query.dataUpdatedAt} again={() => void query.refetch()} />}
      {rows.length === 0 && !query.hasNextPage ? <Nothing search={search} clear={clear} /> : <Virtual rows={rows} columns={columns} sort={search.sort ?? 'newest'} onSort={onSort} more={more} />}
    </>
  );
}

const rowHeight = () => (matchMedia('(max-width: 799px)').matches ? 64 : 38);

function Virtual({ rows, columns, sort, onSort, more }: { rows: Ticket[]; columns: readonly ColumnName[]; sort: Sort; onSort(sort: Sort): void; more?: () => void }) {
  const say = useWords();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: rowHeight, overscan: 12, getItemKey: (i) => rows[i]?.number ?? i });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 10) more?.();
  }, [last, rows.length, more]);
  const top = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items[items.length - 1]?.end ?? 0);
  return (
    <div className={css.scroll} ref={box} tabIndex={0} role="group" aria-label={say('tickets')}>
      <table className={css.table} role="table" aria-label={say('tickets')} aria-rowcount={more ? -1 : rows.length + 1}>
        <Head columns={columns} sort={sort} onSort={onSort} />
        <tbody role="rowgroup">
          <Gap high={top} />
          {items.map((item) => { const t = rows[item.index]; return t && <Row key={t.number} of={t} columns={columns} index={item.index} />; })}
          <Gap high={below} />
        </tbody>
      </table>
    </div>
  );
}

const Gap = ({ high }: { high: number }) => (high > 0 ? <tr role="presentation" className={css.gap} style={{ blockSize: high }} /> : null);

/** What words or a number find, narrowed by what else is chosen. */
function Found({ search, q, columns, onSort, clear, total }: Shown & { q: string }) {
  const say = useWords();
  const me = useMe().agent.id;
  const query = useQuery({ ...foundQuery(q), placeholderData: (was) => was });
  const narrowed = search.status !== undefined || narrowings(search) > 0;
  const rows = (query.data ?? []).filter((t) => !narrowed || holds(askedOf(search, me), t));
  useTotal(total, query.data && rows.length, false);
  if (query.isError && !query.data) return <Failed fault={query.error} again={() => void query.refetch()} />;
  if (!query.data) return <Bones />;
  return (
    <>
      <p className={parts.onlyRead} role="status">{say('tickets.found', { count: rows.length })}</p>
      {rows.length === 0 ? <Blank icon={SearchX} title={say('nothingFound')}><p>{say('tickets.foundHint')}</p><Button look="edge" onClick={clear}>{say('tickets.clear')}</Button></Blank>
        : <Virtual rows={rows} columns={columns} sort={search.sort ?? 'newest'} onSort={onSort} />}
    </>
  );
}

/** The list in groups, each a list of its own. */
function Groups({ search, by, columns, total }: Shown & { by: By }) {
  const say = useWords();
  const me = useMe().agent.id;
  const asked = askedOf(search, me);
  const groups = useColumnsBy(by).filter((c) => by !== 'status' || search.status === undefined || statusFits(search.status, c.key)).slice(0, 10);
  useTotal(total, undefined, false);
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={say('tickets')}>
      <table className={css.table} role="table" aria-label={say('tickets')}>
        <Head columns={columns} sort={search.sort ?? 'newest'} />
        {groups.map((g) => <Group key={g.key} of={g} asked={asked} by={by} keys={groups.map((x) => x.key)} columns={columns} />)}
      </table>
    </div>
  );
}

const statusFits = (wanted: string, status: string) => wanted === status || (wanted === 'open') === !(status === 'resolved' || status === 'closed');

function Group({ of: g, asked, by, keys, columns }: { of: Column; asked: Asked; by: By; keys: readonly string[]; columns: readonly ColumnName[] }) {
  const say = useWords();
  const query = useInfiniteQuery(columnQuery(asked, by, keys, g.key));
  const rows = ticketsIn(query.data);
  const line = (what: ReactNode) => <tr role="row" className={css.rest}><td role="cell" colSpan={columns.length}>{what}</td></tr>;
  return (
    <tbody role="rowgroup" aria-label={g.title}>
      <tr role="row" className={css.group}><th role="rowheader" scope="rowgroup" colSpan={columns.length}>{g.title}<small>{query.data && `${rows.length}${query.hasNextPage ? '+' : ''}`}</small></th></tr>
      {rows.map((t) => <Row key={t.number} of={t} columns={columns} />)}
      {query.isPending && !query.isError && line(<Bone wide="40%" />)}
      {query.isError && line(<><span role="alert">{reasonOf(query.error)}</span> <button type="button" className={parts.textButton} onClick={() => void query.refetch()}>{say('retry')}</button></>)}
      {query.hasNextPage && !query.isError && line(<button type="button" className={parts.textButton} disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{say('tickets.more')}</button>)}
    </tbody>
  );
}

function useTotal(total: (text: string) => void, count: number | undefined, more: boolean): void {
  useEffect(() => total(count === undefined ? '' : `${count}${more ? '+' : ''}`), [total, count, more]);
}

function Bones() {
  const say = useWords();
  return <div className={css.bones} role="status" aria-label={say('tickets.loading')}>{[46, 62, 38, 54, 70].map((wide) => <Bone key={wide} wide={`${wide}%`} high={10} />)}</div>;
}

function Stale({ at, again }: { at: number; again(): void }) {
  const say = useWords();
  return <p className={`${parts.banner} ${parts.bannerLate}`} role="status"><Icon of={CircleAlert} size="m" />{say('list.stale', { at: clock(at) })}<button type="button" className={parts.lateButton} onClick={again}>{say('retry')}</button></p>;
}

export function Failed({ fault, again }: { fault: Error; again(): void }) {
  const say = useWords();
  return <Blank icon={CircleAlert} title={say('list.failed')}><p role="alert">{reasonOf(fault)}</p><Button look="edge" onClick={again}>{say('retry')}</Button></Blank>;
}

function Nothing({ search, clear }: { search: TicketSearch; clear(): void }) {
  const say = useWords();
  const narrowed = search.status !== undefined || narrowings(search) > 0;
  return <Blank icon={TicketIcon} title={say(narrowed ? 'tickets.noneFit' : 'tickets.none')}>{narrowed ? <Button look="edge" onClick={clear}>{say('tickets.clear')}</Button> : <p>{say('tickets.noneHint')}</p>}</Blank>;
}
