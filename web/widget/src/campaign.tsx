// The campaign: a message above the button for who has not written yet (B15).
import { h, type VNode } from 'preact';
import { inbox, open, ready, talks } from './chat';
import { tell } from './frame';
import { cross, icon } from './icons';
import type { Keep } from './keep';
import { avatar } from './parts';
import { w } from './say';

const since = Date.now();
let timer: ReturnType<typeof setTimeout>;

/** Whether it is shown now, on the page with this address; changed is called when it is time. */
export function campaigns(page: string, store: Keep, changed: () => void): boolean {
  const c = inbox?.campaign;
  if (!ready || open || !c || talks.length || store.get('campaign') === c.message || !new URL(page).pathname.startsWith(c.page)) return false;
  const left = since + c.after_seconds * 1000 - Date.now();
  clearTimeout(timer);
  if (left > 0) timer = setTimeout(changed, left);
  return left <= 0;
}

export const bubbleAbove = (store: Keep, changed: () => void): VNode => (
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
        store.set('campaign', inbox!.campaign!.message);
        changed();
      }}
    >
      {icon(cross)}
    </button>
  </main>
);
