// After the end: the transcript by e-mail, with its progress (B76).
import { Fragment, h } from 'preact';
import { Ask } from './form';
import type { Ui } from './head';
import { Icon } from './icons';
import { say } from './say';

export function Closed({ ui: { chat, w }, id }: { ui: Ui; id: string }) {
  const copy = chat.copies[id];
  const bad = copy?.state === 'failed', sent = copy?.state === 'sent';
  return (
    <li class="closed">
      <p class="closed-line">{w.closed}</p>
      {copy && (
        <div class="box" role="status">
          <h2>{bad ? w.copyFailed : sent ? w.copySent : w.copyTitle}</h2>
          <p>{say(w.to, copy.email)}</p>
          {!bad && (
            <>
              <progress value={['asked', 'sending', 'sent'].indexOf(copy.state) + 1} max={3} aria-label={w.copy} />
              <p>
                <Icon name="check" />
                {w.asked}
              </p>
              <p>
                <Icon name={sent ? 'check' : 'loader'} />
                {sent ? w.mailed : w.mailing}
              </p>
            </>
          )}
        </div>
      )}
      {(!copy || bad || sent) && (
        <div class="box">
          <h2>{sent ? w.copyOther : bad ? w.retry : w.copy}</h2>
          <Ask key={copy?.state} w={w} label={w.email} text={w.send} value={sent ? '' : copy?.email ?? chat.contact.email} go={(email) => chat.copy(id, email)} />
        </div>
      )}
    </li>
  );
}
