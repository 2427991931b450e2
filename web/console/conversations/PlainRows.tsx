import type { Conversation } from '@relevo/shared/api/desk';
import type { RefObject } from 'react';
import { useAgents, useLabels } from '../shell/desk';
import { useWords } from '../shell/words';
import css from './conversations.module.css';
import { addressOf, type Place } from './place';
import { Row } from './Row';

export interface RowsProps {
  rows: Conversation[];
  place: Place;
  box: RefObject<HTMLDivElement | null>;
  picked: ReadonlySet<string>;
  onPick(id: string, on: boolean): void;
  more?: () => void;
}

/** As the tokens have it: taller for a thumb. */
export const rowHeight = (): number => (matchMedia('(max-width: 799px)').matches ? 64 : 60);

/** Draws one row at its place. */
export function useRow({ rows, place, picked, onPick }: Pick<RowsProps, 'rows' | 'place' | 'picked' | 'onPick'>) {
  const agents = useAgents();
  const labels = useLabels();
  return (index: number, top: number) => {
    const c = rows[index] as Conversation;
    return (
      <Row key={c.id} of={c} top={top} to={addressOf({ ...place, id: c.id })} active={c.id === place.id} picked={picked.has(c.id)} onPick={onPick}
        owner={agents.find((a) => a.id === c.assignee)} waitsFor={agents.find((a) => a.id === c.waits_for)} labels={labels} />
    );
  };
}

/** A list short enough to be drawn whole. */
export function PlainRows(props: RowsProps) {
  const say = useWords();
  const row = useRow(props);
  const height = rowHeight();
  return (
    <ul className={css.rows} aria-label={say('conversations')} style={{ blockSize: props.rows.length * height }} data-bulk={props.picked.size > 0 || undefined}>
      {props.rows.map((_, i) => row(i, i * height))}
    </ul>
  );
}
