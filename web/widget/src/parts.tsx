// What every view is made of.
import { h, type ComponentChildren, type VNode } from 'preact';
import type { Refused } from '@relevo/shared/live/outbox';
import { inbox, parts } from './chat';
import { close } from './frame';
import { alert, back, cross, icon, right } from './icons';
import { lang, say, w } from './say';
import { initials, size } from './thread';
import { tooMany } from './upload';

export const avatar = (name: string): VNode => (
  <span class="who" aria-hidden="true">
    {initials(name)}
  </span>
);

/** The bar at the top; without a name it is the account's. */
export const head = (agent = '', goBack?: false | (() => void)): VNode => (
  <header class="head">
    {goBack && (
      <button class="button" aria-label={w.back} onClick={goBack}>
        {icon(back)}
      </button>
    )}
    {avatar(agent || inbox?.account || '')}
    <div>
      <h1>{agent || inbox?.account}</h1>
      <p>{agent ? inbox!.account : promise()}</p>
    </div>
    <button class="button" aria-label={w.close} onClick={close}>
      {icon(cross)}
    </button>
  </header>
);

/** When an answer is to be expected. */
function promise(): string {
  const { reply_time: soon, hours } = inbox ?? {};
  if (hours && !hours.open) return hours.opens_at ? say(w.backAt, new Date(hours.opens_at).toLocaleString(lang, { weekday: 'long', hour: 'numeric', minute: '2-digit' })) : w.away;
  return soon === 'minutes' ? w.minutes : soon === 'hours' ? w.hours : soon ? w.oneDay : w.here;
}

/** The agent above his messages. */
export const byline = (name: string): VNode => (
  <p class="note">
    {avatar(name)}
    {name}
  </p>
);

/** A day for people: "3 August". */
export const day = (at: string): string => new Date(at).toLocaleDateString(lang, { day: 'numeric', month: 'long' });

export const help = (text: string): VNode => (
  <p class="help" role="alert">
    {icon(alert)}
    {text}
  </p>
);

/** Why something was refused, by the status of the answer; no or no positive one if there was none; or the text. */
export const why = (status = 0, text: string): string =>
  status < 1 ? w.cut : ({ 413: say(w.tooLarge, size(parts.room, lang)), 429: w.many, 403: w.barred, [tooMany]: w.tooMany }[status] ?? (status > 499 ? w.broken : text));

let failed: number | undefined; // how the form that was sent last was refused

/** What is wrong with a form that was refused. */
export const notSent = (): VNode => help(why(failed, w.noSend));

type Named = Record<string, HTMLInputElement>;

/** A form that hands over what was typed, once the browser finds it right; else the first wrong field gets the focus. The
 *  style sheet shows what is wrong beside the fields. While go works nothing can be changed; if it fails, the form says so. */
export const form = (name: string, go: (said: Named) => unknown, children: ComponentChildren): VNode => (
  <form
    class={name}
    noValidate
    onSubmit={async (e) => {
      e.preventDefault();
      const el = e.currentTarget as HTMLFormElement;
      const wrong = el.querySelector<HTMLElement>(':invalid');
      if (wrong) return wrong.focus();
      el.inert = true;
      try {
        await go(el.elements as unknown as Named);
      } catch (refusal) {
        failed = (refusal as Refused).status;
        parts.changed();
        el.classList.add('failed');
      }
      el.inert = false;
    }}
  >
    {children}
  </form>
);

export const email = { type: 'email', name: 'email', pattern: '.+@.+[.].{2,}', autocomplete: 'email', required: true, maxLength: 254, class: 'input' } as const;

/** One line for an e-mail address. */
export const ask = (label: string, go: (email: string) => unknown, text?: string, value = ''): VNode =>
  form('ask', (said) => go(said.email!.value), [
    <input {...email} aria-label={label} placeholder={w.example} defaultValue={value} />,
    <button class="button brand" aria-label={text ?? label}>
      {text ?? icon(right)}
    </button>,
    help(w.noEmail),
  ]);
