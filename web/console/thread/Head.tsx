import type { Act, Conversation } from '@relevo/shared/api/desk';
import { Link, useSearch } from '@tanstack/react-router';
import { AlarmClock, ArrowLeft, ArrowRightLeft, Bell, BellOff, Check, Ellipsis, FileText, FolderOpen, Hourglass, PanelRight, RotateCcw, UserRoundMinus, UserRoundPlus } from 'lucide-react';
import { act } from '../conversations/acts';
import { nameOfContact } from '../conversations/overlaid';
import { addressOf, type Place } from '../conversations/place';
import { glyphOf } from '../conversations/Row';
import { SlaChip } from '../conversations/SlaChip';
import { Menu, type Items } from '../parts/Menu';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { moment } from '../parts/time';
import { nameOf, useInboxes } from '../shell/desk';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import css from './thread.module.css';

/** Who it is, and only the acts that are allowed now (B55). */
export function Head({ of: c, place, details, onDetails }: { of: Conversation; place: Place; details: boolean; onDetails(): void }) {
  const say = useWords();
  const search = useSearch({ strict: false });
  const inboxes = useInboxes();
  const may = (name: Act) => c.allowed?.includes(name) ?? false;
  const scene = (kind: 'assign' | 'transfer' | 'snooze' | 'close' | 'transcript') => () => open({ kind, conversation: c.id });
  const more = (): Items => {
    const on = (name: Act, item: Items[number]): Items => (may(name) ? [item] : []);
    return [
      ...on('assign', { icon: UserRoundPlus, text: say('act.assign'), end: 'a', run: scene('assign') }),
      ...on('transfer', { icon: ArrowRightLeft, text: say('act.transfer'), end: 't', run: scene('transfer') }),
      ...on('snooze', { icon: AlarmClock, text: say('act.snooze'), end: 'z', run: scene('snooze') }),
      ...on('pending', { icon: Hourglass, text: say('act.pending'), run: () => void act(c.id, 'pending') }),
      ...on('open', { icon: FolderOpen, text: say('act.open'), run: () => void act(c.id, 'open') }),
      ...on('unassign', { icon: UserRoundMinus, text: say('act.unassign'), run: () => void act(c.id, 'unassign') }),
      'rule',
      ...on('mute', { icon: BellOff, text: say('act.mute'), run: () => void act(c.id, 'mute') }),
      ...on('unmute', { icon: Bell, text: say('act.unmute'), run: () => void act(c.id, 'unmute') }),
      ...on('transcript', { icon: FileText, text: say('act.transcript'), run: scene('transcript') }),
    ];
  };
  return (
    <header className={css.head}>
      <Link to={addressOf({ ...place, id: undefined })} search={search as never} className={join(parts.button, parts.square, css.back)} aria-label={say('thread.back')}><Icon of={ArrowLeft} /></Link>
      <div className={css.title}>
        <h2 id="thread-title">{nameOfContact(c)}</h2>
        <p className={css.where}>
          <span><Icon of={glyphOf(c)} size="s" />{nameOf(inboxes, c.inbox)}</span><span>·</span>
          <span>{say(`status.${c.status}`)}{c.status === 'snoozed' && c.snoozed_until && ` ${moment(c.snoozed_until)}`}</span>
          {c.muted && <><span>·</span><span>{say('muted')}</span></>}
          <span className={css.room}><SlaChip of={c} /></span>
        </p>
      </div>
      <div className={css.acts}>
        {may('accept') && <Button look="go" icon={Check} name={say('act.accept')} onClick={() => void act(c.id, 'accept')}>{say('act.accept')}</Button>}
        {may('reopen') && <Button look="edge" icon={RotateCcw} className={css.short} name={say('act.reopen')} onClick={() => void act(c.id, 'reopen')}>{say('act.reopen')}</Button>}
        {may('assign') && <Button icon={UserRoundPlus} className={join(css.room, css.brief)} name={`${say('act.assign')} (a)`} onClick={scene('assign')}>{say('act.assign')}</Button>}
        {may('transfer') && <Button icon={ArrowRightLeft} className={join(css.short, css.wide)} name={`${say('act.transfer')} (t)`} onClick={scene('transfer')}>{say('act.transfer')}</Button>}
        {may('snooze') && <Button icon={AlarmClock} className={join(css.wide, css.brief)} name={`${say('act.snooze')} (z)`} onClick={scene('snooze')}>{say('act.snooze')}</Button>}
        <Menu label={say('act.more')} items={more}><Button icon={Ellipsis} name={say('act.more')} /></Menu>
        {may('close') && <Button look="done" icon={Check} className={css.close} name={`${say('act.close')} (e)`} onClick={scene('close')}>{say('act.close')}</Button>}
        <Button icon={PanelRight} name={say('details.toggle')} aria-pressed={details} onClick={onDetails} />
      </div>
    </header>
  );
}
