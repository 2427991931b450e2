import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect } from 'react';
import { useWords } from '../shell/words';
import css from './conversations.module.css';
import { rowHeight, useRow, type RowsProps } from './PlainRows';

/** A long list: only what is seen is drawn, and the next page is read before its end is reached. */
export default function VirtualRows(props: RowsProps) {
  const { rows, box, picked, more } = props;
  const say = useWords();
  const row = useRow(props);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: rowHeight, overscan: 8, getItemKey: (i) => rows[i]?.id ?? i });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 10) more?.();
  }, [last, rows.length, more]);
  return (
    <ul className={css.rows} aria-label={say('conversations')} style={{ blockSize: virtual.getTotalSize() }} data-bulk={picked.size > 0 || undefined}>
      {items.map((item) => row(item.index, item.start))}
    </ul>
  );
}
