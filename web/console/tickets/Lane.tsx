import type { Ticket } from '@relevo/shared/api/desk';
import { useDroppable } from '@dnd-kit/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { Bone } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import css from './board.module.css';
import { Card } from './Card';
import type { Carried } from './carry';
import { columnQuery, ticketsIn } from './lists';
import type { Column } from './names';
import { columnKey, type Asked, type By } from './search';

interface LaneProps {
  of: Column; asked: Asked; by: By; keys: readonly string[]; columns: readonly Column[]; carried: Carried | undefined; dragged: Ticket | undefined; locked: boolean;
  onKeyDown(t: Ticket): (e: KeyboardEvent) => void; onMove(t: Ticket, to: string): void; onLeave(): void;
}

/** A column: a list of its own, of which more is read as one scrolls. */
export function Lane({ of: c, asked, by, keys, columns, carried, dragged, locked, onKeyDown, onMove, onLeave }: LaneProps) {
  const say = useWords();
  const id = useId();
  const query = useInfiniteQuery(columnQuery(asked, by, keys, c.key));
  const { setNodeRef, isOver } = useDroppable({ id: c.key });
  const lane = useRef<HTMLElement | null>(null);
  const [last, reach] = useState<number>();
  const rows = ticketsIn(query.data);
  const comes = carried ? carried.to === c.key && carried.from !== c.key : isOver && dragged !== undefined && columnKey(dragged, by) !== c.key;
  const reached = rows.some((t) => t.number === last) ? last : rows[0]?.number;
  const more = query.hasNextPage && !query.isFetchingNextPage && !query.isError ? () => void query.fetchNextPage() : undefined;
  useEffect(() => {
    if (carried?.to === c.key) lane.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [carried?.to, c.key]);
  return (
    <section ref={(el) => { lane.current = el; setNodeRef(el); }} className={css.lane} aria-labelledby={id} data-lane={c.key} data-comes={comes || undefined}>
      <h2 className={css.laneHead} id={id}>{c.title} <small>{query.data && `${rows.length}${query.hasNextPage ? '+' : ''}`}</small></h2>
      <ol onFocus={(e) => { const at = (e.target as Element).closest<HTMLElement>('[data-ticket]')?.dataset['ticket']; if (at) reach(Number(at)); }}>
        {comes && <li className={css.place} aria-hidden="true" />}
        {rows.map((t) => (
          <Card key={t.number} of={t} by={by} columns={columns} locked={locked} carried={carried?.number === t.number} hidden={dragged?.number === t.number} reached={t.number === reached}
            onKeyDown={onKeyDown} onMove={onMove} onLeave={onLeave} />
        ))}
        {query.isPending && !query.isError && <li className={css.bones} role="status" aria-label={say('tickets.loading')}><Bone wide="80%" /><Bone wide="50%" /></li>}
        {query.isError && <li className={css.fault}><span role="alert">{reasonOf(query.error)}</span> <button type="button" className={parts.textButton} onClick={() => void query.refetch()}>{say('retry')}</button></li>}
        {query.data && rows.length === 0 && !query.hasNextPage && !comes && <li className={css.empty}>{say('board.empty')}</li>}
        {query.hasNextPage && <More run={more} busy={query.isFetchingNextPage} />}
      </ol>
    </section>
  );
}

/** Reads on when it comes into sight, or when it is pressed. */
function More({ run, busy }: { run: (() => void) | undefined; busy: boolean }) {
  const say = useWords();
  const foot = useRef<HTMLLIElement>(null);
  const go = useRef(run);
  go.current = run;
  useEffect(() => {
    const sight = new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) go.current?.(); }, { rootMargin: '120px' });
    if (foot.current) sight.observe(foot.current);
    return () => sight.disconnect();
  }, [busy]);
  return <li ref={foot} className={css.more}><button type="button" disabled={busy} onClick={run}>{say('tickets.more')}</button></li>;
}
