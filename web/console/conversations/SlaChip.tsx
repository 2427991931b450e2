import type { Conversation } from '@relevo/shared/api/desk';
import { Hourglass } from 'lucide-react';
import { useNow } from '../parts/now';
import { Chip, Icon, Ring } from '../parts/parts';
import { full, span } from '../parts/time';
import { useWords } from '../shell/words';

const soonShare = 1 / 3; // of the time: then it is amber

/** The next target as a clock that turns amber and red; without one, how long the customer waits. */
export function SlaChip({ of: c }: { of: Conversation }) {
  const say = useWords();
  const now = useNow();
  if (c.status !== 'open') return null;
  if (c.first_reply_due && !c.first_reply_at) {
    const due = Date.parse(c.first_reply_due);
    const left = due - now;
    if (left <= 0) {
      return <Chip look="Late" title={say('sla.missedAt', { at: full(due) })}><Ring left={1} />{say('sla.late', { span: span(-left) })}</Chip>;
    }
    const share = left / Math.max(1, due - Date.parse(c.created_at));
    return <Chip look={share < soonShare ? 'Due' : 'Clock'} title={say('sla.dueAt', { at: full(due) })}><Ring left={share} />{say('sla.reply', { span: span(left) })}</Chip>;
  }
  if (!c.awaiting_since) return null;
  return <Chip look="Clock" title={say('sla.waitsSince', { at: full(c.awaiting_since) })}><Icon of={Hourglass} size="s" />{say('sla.waits', { span: span(now - Date.parse(c.awaiting_since)) })}</Chip>;
}
