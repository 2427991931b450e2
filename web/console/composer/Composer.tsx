// Where an agent writes: a reply or a private note.
import type { Conversation, Message } from '@relevo/shared/api/desk';
import { Lock, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { act } from '../conversations/acts';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { nameOf, useInboxes, useMe } from '../shell/desk';
import { onKey } from '../shell/keys';
import { useWords } from '../shell/words';
import { Told } from '../thread/Pieces';
import type { Box } from './box';
import css from './composer.module.css';
import { draftOf, type Kind } from './drafts';
import { Templates } from './Templates';
import { Writing } from './Writing';

interface Props {
  conversation: Conversation;
  messages: readonly Message[];
  more: boolean;
  replyTo?: Message;
  onReply(m: Message | undefined): void;
}

const day = 24 * 3_600_000;

/** WhatsApp takes free text within a day of the customer's last message. */
function windowOver({ conversation, messages, more }: Props): boolean {
  if (conversation.channel !== 'whatsapp') return false;
  const last = messages.findLast((m) => m.kind === 'message' && m.author.kind === 'customer');
  return last ? Date.now() - Date.parse(last.at) > day : !more;
}

export function Composer(props: Props) {
  const { conversation: c, onReply } = props;
  const say = useWords();
  const me = useMe().agent;
  const mayReply = c.allowed?.includes('reply') ?? false, mayNote = c.allowed?.includes('note') ?? false;
  const [wanted, setKind] = useState<Kind>('message');
  const section = useRef<HTMLElement>(null);
  const held = useHeld(c.id, mayReply, section);
  const kind: Kind = (wanted === 'message' && (mayReply || held)) || !mayNote ? 'message' : 'note';
  const [take, setTake] = useState(true);
  const box = useRef<Box>(null);
  const focus = () => requestAnimationFrame(() => box.current?.focus());
  useEffect(() => onKey('r', () => { if (mayReply) { setKind('message'); focus(); } }), [mayReply]);
  useEffect(() => onKey('n', () => { if (mayNote) { setKind('note'); focus(); } }), [mayNote]);
  useEffect(() => { if (props.replyTo) { setKind('message'); focus(); } }, [props.replyTo]);
  const inboxes = useInboxes();
  if (!mayReply && !mayNote && !held) return c.allowed ? <p className={css.closed}><span className={parts.help}>{say(me.role === 'viewer' ? 'composer.viewer' : 'composer.notYours')}</span></p> : null;
  const note = kind === 'note';
  const unowned = !c.assignee && mayReply && c.allowed?.includes('assign');
  const taker = unowned && take && !note ? me.id : undefined;
  const choose = (k: Kind) => () => { setKind(k); focus(); };
  return (
    <section ref={section} className={join(css.box, note && css.note)} aria-label={say('composer')}>
      <div className={css.head}>
        <div className={css.tabs} role="tablist" aria-label={say('composer.kind')}>
          {(mayReply || held) && <button type="button" className={css.tab} role="tab" aria-selected={!note} onClick={choose('message')}>{say('reply')}</button>}
          {mayNote && <button type="button" className={css.tab} role="tab" aria-selected={note} onClick={choose('note')}><Icon of={Lock} size="m" />{say('note.private')}</button>}
        </div>
        {held && !note ? <Held of={c} last={props.messages.findLast((m) => m.kind === 'activity')} />
          : unowned && !note
          ? <label className={join(parts.check, css.take)}><input type="checkbox" checked={take} onChange={(e) => setTake(e.target.checked)} />{say('composer.take')}</label>
          : <span className={css.hint}>{note ? say('composer.teamOnly') : say('composer.reaches', { inbox: nameOf(inboxes, c.inbox) })}</span>}
      </div>
      {!note && windowOver(props) ? <Templates conversation={c} taker={taker} />
        : <Writing key={kind} {...props} kind={kind} held={held && !note} box={box} taker={taker} onSent={() => onReply(undefined)} />}
    </section>
  );
}

/** True once one may reply no more and was writing: the box stays, so that no letter is lost or taken for a shortcut. */
function useHeld(id: string, mayReply: boolean, section: RefObject<HTMLElement | null>): boolean {
  const [was, now] = useState({ mayReply, held: false });
  if (was.mayReply === mayReply) return was.held;
  const held = !mayReply && (draftOf(id, 'message') !== '' || Boolean(section.current?.contains(document.activeElement)));
  now({ mayReply, held });
  return held;
}

/** Why what is typed cannot be sent now. */
function Held({ of: c, last }: { of: Conversation; last: Message | undefined }) {
  const say = useWords();
  return (
    <span className={css.held}>
      <span role="status">{last && <><Told of={last} /> · </>}{say('composer.held')}</span>
      {c.allowed?.includes('reopen') && <Button look="edge" icon={RotateCcw} onClick={() => void act(c.id, 'reopen')}>{say('act.reopen')}</Button>}
    </span>
  );
}
