// After the end: the transcript by e-mail, with its progress (B76).
import { Fragment, h } from 'preact';
import type { Chat, Copy } from './chat';
import { Ask } from './form';
import type { Ui } from './head';
import { Icon } from './icons';
import { say } from './say';

/** Asks for the transcript of the conversation that is shown; the desk tells over the line how it goes. */
function order(chat: Chat, email: string): void {
  const id = chat.where, copy: Copy = (chat.copies[id] = { state: 'asked', email });
  chat.call('POST', 'transcript', { conversation: id, client_id: chat.newID(), email }).catch(() => {
    copy.state = 'failed';
    chat.changed();
  });
  chat.changed();
}

export function Closed({ ui: { chat, w } }: { ui: Ui }) {
  const id = chat.where;
  const copy = chat.copies[id];
  const bad = copy?.state === 'failed', sent = copy?.state === 'sent';
  return (
    <div class="row closed">
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
          <Ask key={copy?.state} w={w} label={w.email} text={w.send} value={sent ? '' : copy?.email ?? chat.contact.email} go={(email) => order(chat, email)} />
        </div>
      )}
    </div>
  );
}
