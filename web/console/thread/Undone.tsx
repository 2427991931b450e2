// What was to be done to this conversation and was not: why, and what tries again.
import { CircleAlert, X } from 'lucide-react';
import { drop, isAct, sentenceOf, triedIn, undone } from '../conversations/undone';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useCell } from '../shell/cell';
import { outbox } from '../shell/live';
import { reasonFor } from '../shell/toasts';
import { useWaiting } from '../shell/waiting';
import { useWords } from '../shell/words';

export function Undone({ conversation }: { conversation: string }) {
  const say = useWords();
  const kept = useWaiting(conversation).flatMap((e) => (e.refused && isAct(e) ? [{ id: e.id, what: triedIn(e), why: e.refused, again: () => void outbox().retry(e.id), drop: () => void outbox().remove(e.id) }] : []));
  const here = useCell(undone).filter((u) => u.conversation === conversation).map((u) => ({ ...u, drop: () => drop(u.id) }));
  return [...kept, ...here].map((u) => (
    <p key={u.id} role="alert" className={join(parts.banner, parts.bannerLate)}>
      <Icon of={CircleAlert} size="m" /><span>{say(sentenceOf(u.what))} {reasonFor(u.why)}</span>
      <button type="button" className={parts.lateButton} onClick={u.again}>{say('retry')}</button>
      <Button tiny icon={X} name={say('discard')} onClick={u.drop} />
    </p>
  ));
}
