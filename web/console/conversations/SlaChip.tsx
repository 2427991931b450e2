import type { Conversation } from '@relevo/shared/api/desk';
import { Hourglass } from 'lucide-react';
import { nextClock, standing } from '../parts/clocks';
import { useNow } from '../parts/now';
import { Chip, Icon, Ring } from '../parts/parts';
import { full, span } from '../parts/time';
import { useWords } from '../shell/words';

/** The promise that comes due next, as a clock that turns amber and red; without one, how long the customer waits. */
export function SlaChip({ of: c }: { of: Conversation }) {
  const say = useWords();
  const now = useNow();
  if (c.status !== 'open') return null;
  const next = nextClock(c.clocks);
  if (next) {
    const what = say(`sla.target.${next.target}`);
    const { state, left, share } = standing(next.clock, now);
    if (state === 'late') {
      return <Chip look="Late" title={say('sla.missedAt', { what, at: full(next.due) })}><Ring left={1} />{say('sla.late', { span: span(-left) })}</Chip>;
    }
    return <Chip look={state === 'due' ? 'Due' : 'Clock'} title={say('sla.dueAt', { what, at: full(next.due) })}><Ring left={share} />{say(next.target === 'resolution' ? 'sla.resolve' : 'sla.reply', { span: span(left) })}</Chip>;
  }
  if (!c.awaiting_since) return null;
  return <Chip look="Clock" title={say('sla.waitsSince', { at: full(c.awaiting_since) })}><Icon of={Hourglass} size="s" />{say('sla.waits', { span: span(now - Date.parse(c.awaiting_since)) })}</Chip>;
}
