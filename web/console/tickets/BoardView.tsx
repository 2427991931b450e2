// The board: columns of cards that are moved with the pointer, with the keyboard, or from a menu at the card.
import type { Ticket } from '@relevo/shared/api/desk';
import { DndContext, DragOverlay, MouseSensor, pointerWithin, TouchSensor, useSensor, useSensors, type Announcements } from '@dnd-kit/core';
import { useRef, useState, type KeyboardEvent } from 'react';
import { OnlyRead } from '../parts/parts';
import { useMe } from '../shell/desk';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import css from './board.module.css';
import { CardFace } from './Card';
import { carry, hand, type Carried } from './carry';
import { Lane } from './Lane';
import { chosen, findTicket, useTicketSettings } from './lists';
import { move } from './moves';
import type { Column } from './names';
import { askedOf, columnKey, type By, type TicketSearch } from './search';

const silent: Announcements = { onDragStart: () => undefined, onDragOver: () => undefined, onDragEnd: () => undefined, onDragCancel: () => undefined }; // we tell more than it knows

export default function BoardView({ search, by, columns }: { search: TicketSearch; by: By; columns: readonly Column[] }) {
  const say = useWords();
  const { agent } = useMe();
  const asked = askedOf(search, agent.id);
  const keys = columns.map((c) => c.key);
  const title = (key: string) => columns.find((c) => c.key === key)?.title ?? key;
  const box = useRef<HTMLDivElement>(null);
  const [carried, take] = useState<Carried>();
  const [dragged, drag] = useState<Ticket>();
  const [told, tell] = useState('');
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 6 } }), useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 6 } }));
  const lay = useLaying(by, title, tell);

  const drop = (t: Ticket, to: string) => {
    if (columnKey(t, by) === to) return tell(say('board.stays', { number: t.number, column: title(to) }));
    hand.last = t.number;
    lay(t, to);
  };
  const keyDown = (t: Ticket) => (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (carried?.number !== t.number) {
      if (e.key !== ' ' || agent.role === 'viewer') return walk(box.current, e);
      e.preventDefault();
      const from = columnKey(t, by);
      take({ number: t.number, from, to: from });
      return tell(say('board.taken', { number: t.number, column: title(from) }));
    }
    const what = carry(carried, e.key, keys, document.dir === 'rtl');
    if (!what) return;
    e.preventDefault();
    e.stopPropagation();
    take(what.kind === 'over' ? what.carried : undefined);
    if (what.kind === 'drop') drop(t, carried.to);
    else if (what.kind === 'cancel') tell(say('board.cancelled', { number: t.number, column: title(carried.from) }));
    else if (what.carried.to !== carried.to) tell(say('board.over', { column: title(what.carried.to) }));
  };
  const putBack = () => {
    if (!carried) return;
    take(undefined);
    tell(say('board.cancelled', { number: carried.number, column: title(carried.from) }));
  };
  return (
    <DndContext sensors={sensors} collisionDetection={pointerWithin} accessibility={{ announcements: silent, screenReaderInstructions: { draggable: '' } }}
      onDragStart={({ active }) => { putBack(); drag(findTicket(Number(active.id))); }} onDragCancel={() => drag(undefined)}
      onDragEnd={({ active, over }) => { drag(undefined); const t = findTicket(Number(active.id)); if (t && over) drop(t, String(over.id)); }}>
      <p className={css.hint}>{agent.role !== 'viewer' && say('board.hint')}</p>
      <div className={css.board} ref={box} role="group" aria-label={say('tickets.board')}>
        {columns.map((c) => (
          <Lane key={c.key} of={c} asked={asked} by={by} keys={keys} carried={carried} dragged={dragged} locked={agent.role === 'viewer'} columns={columns}
            onKeyDown={keyDown} onMove={drop} onLeave={putBack} />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>{dragged && <div className={css.held}><CardFace of={dragged} by={by} /></div>}</DragOverlay>
      <OnlyRead><span role="status" aria-live="assertive">{told}</span></OnlyRead>
    </DndContext>
  );
}

/** Lays a card down: where the status has justifications it asks for one first (B104). */
function useLaying(by: By, title: (key: string) => string, tell: (text: string) => void) {
  const s = useTicketSettings();
  return (t: Ticket, to: string) => {
    const reasons = by === 'status' && !s.disabled.includes('justification') ? chosen(s.justifications).filter((j) => j.status === to) : [];
    if (reasons.length > 0) return open({ kind: 'justify', number: t.number, status: title(to), reasons, take: (justification) => void move(t, by, to, title, justification).then(tell) });
    void move(t, by, to, title).then(tell);
  };
}

/** The arrows go from card to card. */
function walk(box: HTMLElement | null, e: KeyboardEvent): void {
  if (!box || !e.key.startsWith('Arrow')) return;
  const lanes = [...box.querySelectorAll('[data-lane]')].map((lane) => [...lane.querySelectorAll<HTMLElement>('[data-card]')]);
  const x = lanes.findIndex((cards) => cards.includes(e.currentTarget as HTMLElement));
  const y = lanes[x]?.indexOf(e.currentTarget as HTMLElement) ?? 0;
  const beside = (step: number) => {
    for (let i = x + step; i >= 0 && i < lanes.length; i += step) {
      const cards = lanes[i] ?? [];
      if (cards.length > 0) return cards[Math.min(y, cards.length - 1)];
    }
    return undefined;
  };
  const to = e.key === 'ArrowDown' ? lanes[x]?.[y + 1] : e.key === 'ArrowUp' ? lanes[x]?.[y - 1] : beside(e.key === 'ArrowRight' ? 1 : -1);
  if (!to) return;
  e.preventDefault();
  to.focus();
}
