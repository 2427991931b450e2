import type { Ticket } from '@relevo/shared/api/desk';
import { Link, useNavigate } from '@tanstack/react-router';
import { memo, type MouseEvent } from 'react';
import { Chip, join, Who } from '../parts/parts';
import { full, when } from '../parts/time';
import { useAgents } from '../shell/desk';
import { useWords } from '../shell/words';
import { DueChip, PriorityMark, StatusChip } from './cells';
import { columnTitle, type ColumnName } from './columns';
import { useNames } from './names';
import type { Sort } from './search';
import css from './list.module.css';

const orders: Partial<Record<ColumnName, readonly Sort[]>> = { number: ['newest', 'oldest'], created: ['newest', 'oldest'], due: ['due'] };

/** The head of the list; what can be ordered is a button. */
export function Head({ columns, sort, onSort }: { columns: readonly ColumnName[]; sort: Sort; onSort?(sort: Sort): void }) {
  const say = useWords();
  return (
    <thead role="rowgroup">
      <tr role="row">
        {columns.map((name) => {
          const by = orders[name];
          const title = say(columnTitle(name));
          const is = by?.includes(sort) && (name !== 'number' || !columns.includes('created'));
          return (
            <th key={name} role="columnheader" scope="col" data-column={name} aria-sort={by && is ? (sort === 'newest' ? 'descending' : 'ascending') : undefined}>
              {by && onSort ? <button type="button" className={css.sort} onClick={() => onSort(by.find((s) => s !== sort) ?? 'newest')}>{title}</button> : title}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** One ticket. The whole row leads to it. */
export const Row = memo(function Row({ of: t, columns, index }: { of: Ticket; columns: readonly ColumnName[]; index?: number }) {
  const go = useNavigate();
  const open = (e: MouseEvent) => {
    if (e.defaultPrevented || (e.target as Element).closest('a, button') || getSelection()?.toString()) return;
    void go({ to: '/tickets/$number', params: { number: String(t.number) } });
  };
  return (
    <tr role="row" data-ticket={t.number} aria-rowindex={index === undefined ? undefined : index + 2} onClick={open}>
      {columns.map((name) => <td key={name} role="cell" data-column={name}><Cell of={t} name={name} link={name === (columns.includes('subject') ? 'subject' : 'number')} /></td>)}
    </tr>
  );
});

function Cell({ of: t, name, link }: { of: Ticket; name: ColumnName; link: boolean }) {
  const say = useWords();
  const names = useNames();
  const agents = useAgents();
  const to = { to: '/tickets/$number', params: { number: String(t.number) } } as const;
  switch (name) {
    case 'number':
      return link ? <Link {...to} data-go="" className={css.link}>{t.number}</Link> : t.number;
    case 'subject':
      return <Link {...to} data-go="" className={css.link}>{t.subject || say('tickets.noSubject')}</Link>;
    case 'requester':
      return t.requester_name || say('contact.nameless');
    case 'status':
      return t.status ? <StatusChip of={t.status} /> : null;
    case 'priority':
      return <span className={css.with}><PriorityMark of={t.priority} named /></span>;
    case 'service':
      return names.service(t.service);
    case 'category':
      return names.category(t.category);
    case 'type':
      return t.type ? say(`tickets.type.${t.type}`) : null;
    case 'due':
      return <DueChip of={t} />;
    case 'responsible':
      return <span className={css.with}><Who agent={agents.find((a) => a.id === t.responsible)} size="s" /><span className={join(css.cut, css.whoName)}>{names.agent(t.responsible)}</span></span>;
    case 'tags':
      return <span className={css.with}>{t.tags?.slice(0, 3).map((tag) => <Chip key={tag}>{tag}</Chip>)}</span>;
    case 'created':
      return <time dateTime={t.created_at} title={full(t.created_at)}>{when(t.created_at)}</time>;
    case 'updated':
      return <time dateTime={t.updated_at} title={full(t.updated_at)}>{when(t.updated_at)}</time>;
  }
}
