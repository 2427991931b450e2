import { CalendarArrowUp, CalendarClock, MessageSquareReply, Sunrise, type LucideIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { snooze } from '../conversations/acts';
import { Dialog } from '../parts/Dialog';
import { Button, Icon, Key } from '../parts/parts';
import css from '../parts/parts.module.css';
import dialogs from '../parts/dialog.module.css';
import picks from '../parts/choices.module.css';
import { full } from '../parts/time';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';

type Until = 'next_reply' | 'tomorrow' | 'next_week';
const choices: [Until, LucideIcon][] = [['next_reply', MessageSquareReply], ['tomorrow', Sunrise], ['next_week', CalendarArrowUp]];

/** Snooze until the next reply, tomorrow, next week or any time (B56-B58): z, then 1 to 4. */
export default function SnoozeDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const [picking, pick] = useState(false);
  const [at, setAt] = useState(() => localInput(new Date(Date.now() + 3 * 3_600_000)));
  const until = (u: Until) => { shut(); void snooze(conversation, { until: u }, say(`snooze.${u}`).toLowerCase()); };
  const moment = new Date(at);
  const valid = !Number.isNaN(moment.getTime()) && moment.getTime() > Date.now();
  const take = () => {
    if (!picking || !valid) return;
    shut();
    void snooze(conversation, { at: moment.toISOString() }, full(moment.getTime()));
  };
  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      if (e.target instanceof HTMLInputElement) return;
      const choice = choices[Number(e.key) - 1];
      if (choice) until(choice[0]);
      else if (e.key === '4') pick(true);
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
  return (
    <Dialog title={say('act.snooze')} onSubmit={take}>
      <div className={dialogs.dialogBody} style={{ gap: 4 }}>
        {choices.map(([u, icon], i) => (
          <button key={u} type="button" className={picks.choice} onClick={() => until(u)} autoFocus={i === 0}><Icon of={icon} />{say(`snooze.${u}`)}<span className={picks.choiceEnd}><Key>{String(i + 1)}</Key></span></button>
        ))}
        <button type="button" className={picks.choice} aria-expanded={picking} onClick={() => pick(true)}><Icon of={CalendarClock} />{say('snooze.pick')}<span className={picks.choiceEnd}><Key>4</Key></span></button>
        {picking && (
          <div className={dialogs.pair}>
            <input className={css.input} type="datetime-local" step="1" value={at} aria-label={say('snooze.pick')} autoFocus onChange={(e) => setAt(e.target.value)} />
            <Button type="submit" look="go" disabled={!valid}>{say('act.snooze')}</Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** As a datetime-local field wants it. */
function localInput(d: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}
