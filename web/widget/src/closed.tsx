// After the end: what he thinks of it (B71), and the transcript by e-mail with its progress (B76).
import { h, type VNode } from 'preact';
import { contact, copies, order, rate, shown, where } from './chat';
import { check, face, icon, turn } from './icons';
import { ask, form, notSent, why } from './parts';
import { say, w } from './say';

function survey(): VNode | undefined {
  const asked = shown()!.survey;
  if (!asked) return;
  if (asked.rating) return <p class="box" role="status">{w.thanks}</p>;
  return form('box', ({ rating, comment }) => rate(+rating!.value, comment!.value.trim()), [
    <h2>{w.howWas}</h2>,
    <div class="rates" role="radiogroup" aria-label={w.howWas}>
      {[1, 2, 3, 4, 5].map((n) => (
        <label class="button">
          <input type="radio" class="sr" name="rating" value={n} required aria-label={`${n} / 5`} />
          {icon(face(n))}
        </label>
      ))}
    </div>,
    <p>
      {w.bad}
      <span />
      {w.good}
    </p>,
    <label>
      {w.why}
      <textarea class="input" name="comment" rows={2} maxLength={1000} />
    </label>,
    notSent(),
    <button class="button brand tall">{w.send}</button>,
  ]);
}

export function closed(): VNode {
  const copy = copies[where];
  const bad = copy?.state === 'failed', sent = copy?.state === 'sent';
  return (
    <div class="row closed">
      <p class="end">{w.closed}</p>
      {survey()}
      {copy && (
        <div class="box" role="status">
          <h2>{bad ? w.copyFailed : sent ? w.copySent : w.copyTitle}</h2>
          <p>{say(w.to, copy.email)}</p>
          {copy.refused && <p>{why(copy.refused.status, '')}</p>}
          {!bad && [
            <progress value={['asked', 'sending', 'sent'].indexOf(copy.state) + 1} max={3} aria-label={w.copy} />,
            <p>
              {icon(check, 'done')}
              {w.asked}
            </p>,
            <p>
              {icon(sent ? check : turn, sent ? 'done' : 'turn')}
              {sent ? w.mailed : w.mailing}
            </p>,
          ]}
        </div>
      )}
      {(!copy || bad || sent) && (
        <div class="box" key={copy?.state}>
          <h2>{sent ? w.copyOther : bad ? w.retry : w.copy}</h2>
          {ask(w.email, order, w.send, sent ? '' : (copy?.email ?? contact.email))}
        </div>
      )}
    </div>
  );
}
