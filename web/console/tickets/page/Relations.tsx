// What a ticket is to others: parent, child, in their way, the same (B106).
import type { Ticket } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Copy, CornerDownRight, CornerLeftUp, Link2, Plus, X, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Body, Dialog } from '../../parts/Dialog';
import { Options } from '../../parts/Options';
import { Button, Icon } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { data, desk } from '../../shell/desk';
import { complain } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { StatusChip } from '../cells';
import { FindTicket } from '../FindTicket';
import { rereadOpened } from './opened';
import css from './proceedings.module.css';

type Relation = NonNullable<Ticket['relations']>[number];
export const relationKinds = ['parent', 'child', 'blocks', 'blocked_by', 'duplicates', 'duplicated_by', 'related'] as const;
const icons: Record<Relation['kind'], LucideIcon> = { parent: CornerDownRight, child: CornerLeftUp, blocks: Ban, blocked_by: Ban, duplicates: Copy, duplicated_by: Copy, related: Link2 };

export function Relations({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const [asking, ask] = useState(false);
  const all = t.relations ?? [];
  if (locked && all.length === 0) return null;
  const drop = (other: number) => data(desk.DELETE('/v1/tickets/{number}/relations/{other}', { params: { path: { number: t.number, other } } })).catch(complain).finally(() => rereadOpened(t.number));
  return (
    <section aria-labelledby="t-relations">
      <div className={css.head}><h2 id="t-relations">{say('relations')}</h2></div>
      <div className={css.relations}>
        {all.map((r) => <One key={r.ticket} of={r} onDrop={locked ? undefined : () => void drop(r.ticket)} />)}
        {!locked && <Button icon={Plus} onClick={() => ask(true)}>{say('relate')}</Button>}
      </div>
      {asking && <RelateDialog of={t} onShut={() => ask(false)} />}
    </section>
  );
}

function One({ of: r, onDrop }: { of: Relation; onDrop?: () => void }) {
  const say = useWords();
  const other = useQuery({ queryKey: ['ticket', r.ticket], retry: false, queryFn: () => data(desk.GET('/v1/tickets/{number}', { params: { path: { number: r.ticket } } })) }).data?.ticket;
  return (
    <span className={css.relation} data-relation={r.kind}>
      <Icon of={icons[r.kind]} size="m" /><em>{say(`relation.${r.kind}`)}</em>
      <Link to="/tickets/$number" params={{ number: String(r.ticket) }}>{r.ticket} {other?.subject}</Link>
      {other?.status && <StatusChip of={other.status} />}
      {onDrop && <Button tiny icon={X} name={say('relate.drop', { number: r.ticket })} onClick={onDrop} />}
    </span>
  );
}

function RelateDialog({ of: t, onShut }: { of: Ticket; onShut(): void }) {
  const say = useWords();
  const [kind, set] = useState<Relation['kind']>('related');
  const relate = (other: Ticket) => {
    onShut();
    void data(desk.POST('/v1/tickets/{number}/relations', { params: { path: { number: t.number } }, body: { kind, ticket: other.number } })).catch(complain).finally(() => rereadOpened(t.number));
  };
  return (
    <Dialog title={say('relate.title', { number: t.number })} onShut={onShut}>
      <Body>
        <label className={parts.field}><span className={parts.label}>{say('relate.kind')}</span>
          <Options value={kind} onChange={(e) => set(e.target.value as Relation['kind'])}>{relationKinds.map((k) => <option key={k} value={k}>{say(`relation.${k}`)} …</option>)}</Options></label>
        <FindTicket contact={t.requester} onTaken={relate} />
      </Body>
    </Dialog>
  );
}
