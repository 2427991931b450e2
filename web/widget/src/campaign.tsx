// The campaign: a message above the button for who has not written yet (B15).
import { h, type VNode } from 'preact';
import { about, inbox, open, parts, ready, talks } from './chat';
import { tell } from './frame';
import { cross, icon } from './icons';
import { avatar } from './parts';
import { w } from './say';

const since = Date.now();
let timer: ReturnType<typeof setTimeout>;

/** Whether it is shown now, on the visitor's page; when it is time, all is drawn anew. */
export function campaigns(): boolean {
  const c = inbox?.campaign;
  if (!ready || open || !c || talks.length || parts.store.get('campaign') === c.message || !new URL(about.page!).pathname.startsWith(c.page)) return false;
  const left = since + c.after_seconds * 1000 - Date.now();
  clearTimeout(timer);
  if (left > 0) timer = setTimeout(parts.changed, left);
  return left <= 0;
}

export const bubbleAbove = (): VNode => (
  <main class="campaign" aria-live="polite">
    <h1 class="sr">{inbox!.account}</h1>
    <button onClick={() => tell({ verb: 'open' })}>
      {avatar(inbox!.account)}
      <span>
        {inbox!.campaign!.message}
        <small>{inbox!.account}</small>
      </span>
    </button>
    <button
      class="button"
      aria-label={w.dismiss}
      onClick={() => {
        parts.store.set('campaign', inbox!.campaign!.message);
        parts.changed();
      }}
    >
      {icon(cross)}
    </button>
  </main>
);
