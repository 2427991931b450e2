import type { Agent, Conversation, Label } from '@relevo/shared/api/desk';
import { Link } from '@tanstack/react-router';
import { AlarmClock, BellOff, Lock, MessageSquareText, Reply } from 'lucide-react';
import { memo } from 'react';
import { Chip, Icon, join, OnlyRead, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { moment, when } from '../parts/time';
import { WhatsAppGlyph } from '../parts/WhatsApp';
import { useWords } from '../shell/words';
import { nameOfContact } from './overlaid';
import css from './conversations.module.css';
import { SlaChip } from './SlaChip';

export const glyphOf = (c: Pick<Conversation, 'channel'>) => (c.channel === 'whatsapp' ? WhatsAppGlyph : MessageSquareText);

interface RowProps {
  of: Conversation;
  top: number;
  to: string;
  active: boolean;
  picked: boolean;
  owner?: Agent;
  waitsFor?: Agent;
  /** All that there are; the row shows its own. */
  labels: Label[];
  onPick(id: string, on: boolean): void;
}

export const Row = memo(function Row({ of: c, top, to, active, picked, owner, waitsFor, labels, onPick }: RowProps) {
  const say = useWords();
  const name = nameOfContact(c);
  const unread = c.unread > 0;
  return (
    <li className={css.row} data-active={active || undefined} data-unread={unread || undefined} style={{ translate: `0 ${top}px` }}>
      <Link to={to} search={(was) => was} className={css.link} aria-current={active ? 'true' : undefined} data-row={c.id}>
        <Icon of={glyphOf(c)} className={css.channel} /><OnlyRead>{say(`channel.${c.channel}`)}</OnlyRead>
        <span className={css.name}>{name}</span>
        <time className={css.time} dateTime={c.last_at}>{c.last_at && when(c.last_at)}</time>
        <Snippet of={c} />
        {unread && <span className={join(css.unreadCount, parts.count)}><OnlyRead>{say('row.unread')} </OnlyRead>{c.unread >= 10 ? '9+' : c.unread}</span>}
        <span className={css.marks}>
          {c.status !== 'open' && <StatusChip of={c} />}
          <SlaChip of={c} />
          {c.muted && <Chip title={say('muted')}><Icon of={BellOff} size="s" />{say('muted')}</Chip>}
          {labels.filter((l) => c.labels.includes(l.id)).slice(0, 2).map((l) => <Chip key={l.id}>{l.name}</Chip>)}
        </span>
        <span className={css.owner}><Who agent={owner ?? waitsFor} size="s" /></span>
      </Link>
      <input className={css.pick} type="checkbox" checked={picked} aria-label={say('row.pick', { name })} onChange={(e) => onPick(c.id, e.target.checked)} />
    </li>
  );
});

export function StatusChip({ of: c }: { of: Conversation }) {
  const say = useWords();
  const done = c.status === 'resolved';
  return (
    <Chip look={done ? 'Done' : 'State'}>
      {c.status === 'snoozed' && <Icon of={AlarmClock} size="s" />}
      {c.status === 'snoozed' && c.snoozed_until ? moment(c.snoozed_until) : say(`status.${c.status}`)}
    </Chip>
  );
}

function Snippet({ of: c }: { of: Conversation }) {
  const say = useWords();
  const p = c.preview;
  if (!p) return <span className={css.text}><span>{say('row.nothing')}</span></span>;
  return (
    <span className={css.text}>
      {p.kind === 'note' && <Chip look="Note"><Icon of={Lock} size="s" />{say('note')}</Chip>}
      {p.kind === 'message' && p.by !== 'customer' && <><Icon of={Reply} size="m" /><OnlyRead>{say('row.weSaid')} </OnlyRead></>}
      <span>{p.text || say('row.deleted')}</span>
    </span>
  );
}
