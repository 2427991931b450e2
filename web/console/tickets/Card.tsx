import type { Ticket } from '@relevo/shared/api/desk';
import { useDraggable } from '@dnd-kit/core';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { Menu } from '../parts/Menu';
import { Button, OnlyRead, Who } from '../parts/parts';
import { useAgents } from '../shell/desk';
import { useWords } from '../shell/words';
import css from './board.module.css';
import { DueChip, PriorityMark, StatusChip } from './cells';
import { hand } from './carry';
import { useNames, type Column } from './names';
import { columnKey, type By } from './search';

interface CardProps {
  of: Ticket; by: By; columns: readonly Column[]; locked: boolean; carried: boolean; hidden: boolean; reached: boolean;
  onKeyDown(t: Ticket): (e: KeyboardEvent) => void; onMove(t: Ticket, to: string): void; onLeave(): void;
}

/** A ticket on the board: a link to it, which is dragged, or taken up with space; and a menu for who does neither. */
export function Card({ of: t, by, columns, locked, carried, hidden, reached, onKeyDown, onMove, onLeave }: CardProps) {
  const say = useWords();
  const { setNodeRef, listeners } = useDraggable({ id: t.number, disabled: locked });
  const here = columnKey(t, by);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (hand.last === t.number && document.activeElement === document.body) link.current?.focus();
  }, [t.number]);
  return (
    <li ref={setNodeRef} {...listeners} className={css.card} data-ticket={t.number} data-carried={carried || undefined} data-dragged={hidden || undefined}>
      <Link ref={link} to="/tickets/$number" params={{ number: String(t.number) }} className={css.cardLink} data-card="" tabIndex={reached ? 0 : -1} draggable={false} onKeyDown={onKeyDown(t)} onBlur={carried ? onLeave : undefined}>
        <CardFace of={t} by={by} />
        {carried && <OnlyRead>{say('board.carried')}</OnlyRead>}
      </Link>
      {!locked && (
        <span className={css.cardMenu}>
          <Menu label={say('board.moveTo')} items={() => [{ head: say('board.moveTo') }, ...columns.filter((c) => c.key !== here).map((c) => ({ text: c.title, run: () => onMove(t, c.key) }))]}>
            <Button tiny icon={ArrowRight} name={say('board.moveThis', { number: t.number })} tabIndex={reached ? 0 : -1} />
          </Menu>
        </span>
      )}
    </li>
  );
}

export function CardFace({ of: t, by }: { of: Ticket; by: By }) {
  const say = useWords();
  const names = useNames();
  const agents = useAgents();
  return (
    <>
      <span className={css.cardHead}>{t.number}{by !== 'status' && t.status && <StatusChip of={t.status} />}<span className={css.push} /><PriorityMark of={t.priority} /></span>
      <b>{t.subject || say('tickets.noSubject')}</b>
      <span className={css.cardFoot}><span className={css.cut}>{t.requester_name || say('contact.nameless')}</span><span className={css.push} /><DueChip of={t} /><Who agent={agents.find((a) => a.id === t.responsible)} size="s" /><OnlyRead>{names.agent(t.responsible)}</OnlyRead></span>
    </>
  );
}
