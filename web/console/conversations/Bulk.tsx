import { AlarmClock, Check, Tag, UserRoundPlus, X } from 'lucide-react';
import { Menu } from '../parts/Menu';
import { Button } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { alive, useAgents, useInboxes, useLabels } from '../shell/desk';
import { toast } from '../shell/toasts';
import { useWords } from '../shell/words';
import { assign, close, setLabels, snooze } from './acts';
import { findConversation } from './cache';
import css from './conversations.module.css';

/** Acts on all that were picked. */
export default function Bulk({ picked, drop }: { picked: ReadonlySet<string>; drop(): void }) {
  const say = useWords();
  const agents = alive(useAgents()).filter((a) => a.role !== 'viewer');
  const labels = alive(useLabels());
  const inboxes = useInboxes();
  const each = (run: (id: string) => unknown) => () => {
    for (const id of picked) run(id);
    drop();
  };
  const closeAll = () => {
    const able = [...picked].filter((id) => {
      const c = findConversation(id);
      return c && (c.ticket || inboxes.find((b) => b.id === c.inbox)?.ticket_policy !== 'required');
    });
    for (const id of able) void close(id, {});
    if (able.length < picked.size) toast(say('bulk.needTicket', { count: picked.size - able.length }), { tone: 'late' });
    drop();
  };
  const withLabel = (label: string) => (id: string) => {
    const c = findConversation(id);
    if (c && !c.labels.includes(label)) void setLabels(id, [...c.labels, label]);
  };
  return (
    <div className={`${css.bar} ${css.thin}`} role="group" aria-label={say('bulk.acts')}>
      <b className={parts.help}>{say('bulk.picked', { count: picked.size })}</b>
      <span className={css.push} />
      <Menu label={say('act.assign')} items={() => agents.map((a) => ({ text: a.name, run: each((id) => assign(id, a)) }))}><Button icon={UserRoundPlus} name={say('act.assign')} /></Menu>
      <Menu label={say('act.label')} items={() => labels.map((l) => ({ text: l.name, run: each(withLabel(l.id)) }))}><Button icon={Tag} name={say('act.label')} /></Menu>
      <Menu label={say('act.snooze')} items={() => (['next_reply', 'tomorrow', 'next_week'] as const).map((until) => ({ text: say(`snooze.${until}`), run: each((id) => snooze(id, { until }, say(`snooze.${until}`))) }))}><Button icon={AlarmClock} name={say('act.snooze')} /></Menu>
      <Button icon={Check} name={say('act.close')} onClick={closeAll} />
      <Button icon={X} name={say('bulk.drop')} onClick={drop} />
    </div>
  );
}
