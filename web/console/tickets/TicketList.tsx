import type { Ticket } from '@relevo/shared/api/desk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CircleAlert, ChevronDown, Ticket as TicketIcon } from 'lucide-react';
import { Menu } from '../parts/Menu';
import { Blank, Bone, Button, Icon } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { full } from '../parts/time';
import { data, desk, nameOf, useAgents } from '../shell/desk';
import css from '../shell/shell.module.css';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';

export const ticketStatuses = ['new', 'in_progress', 'pending', 'resolved', 'closed'] as const;

/** Tickets of a status, newest first. */
export default function TicketList() {
  const say = useWords();
  const go = useNavigate();
  const agents = useAgents();
  const asked = (useSearch({ strict: false }) as { status?: string }).status;
  const status: Ticket['status'] = ticketStatuses.find((s) => s === asked) ?? 'new';
  const query = useInfiniteQuery({
    queryKey: ['tickets', status], initialPageParam: undefined as string | undefined, getNextPageParam: (p: { cursor?: string }) => p.cursor,
    queryFn: ({ pageParam }) => data(desk.GET('/v1/tickets', { params: { query: { status, limit: 50, cursor: pageParam } } })),
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <div className={css.inner} style={{ maxInlineSize: 1040 }}>
      <div className={css.line}>
        <h1>{say('tickets')}</h1>
        <Menu label={say('status')} items={() => ticketStatuses.map((s) => ({ text: say(`ticketStatus.${s}`), checked: s === status, run: () => void go({ to: '/tickets', search: { status: s } as never }) }))}>
          <button type="button" className={`${parts.button} ${parts.edge}`}>{say(`ticketStatus.${status}`)}<Icon of={ChevronDown} size="s" /></button>
        </Menu>
      </div>
      {query.isError ? <Blank icon={CircleAlert} title={say('list.failed')}><p>{reasonOf(query.error)}</p><Button look="edge" onClick={() => void query.refetch()}>{say('retry')}</Button></Blank>
        : query.isPending ? <Bone wide="60%" high={12} />
          : rows.length === 0 ? <Blank icon={TicketIcon} title={say('ticket.noneHere')}><p>{say('ticket.noneHint')}</p></Blank> : (
            <table className={css.sheetTable}>
              <thead><tr><th>{say('ticket.number')}</th><th>{say('ticket.subject')}</th><th>{say('ticket.responsible')}</th><th>{say('ticket.changed')}</th></tr></thead>
              <tbody>{rows.map((t) => <tr key={t.number}><td>{t.number}</td><td><Link to="/tickets/$number" params={{ number: String(t.number) }} className={parts.textButton}>{t.subject}</Link></td><td>{nameOf(agents, t.responsible) || say('nobody')}</td><td>{full(t.updated_at)}</td></tr>)}</tbody>
            </table>
          )}
      {query.hasNextPage && <Button look="edge" onClick={() => void query.fetchNextPage()}>{say('more')}</Button>}
    </div>
  );
}
