import { h } from 'preact';
import type { Chat } from './chat';
import { Icon } from './icons';
import { initials } from './thread';
import type { Words } from './say';

export type Later = typeof import('./later');

/** What every part of the page is given. */
export interface Ui {
  chat: Chat;
  w: Words;
  lang: string;
  /** Closes the panel. */
  close(): void;
  /** The parts that come when they are needed, once they are here; load fetches them. */
  later: Later | undefined;
  load(): Promise<Later | undefined>;
}

export const Head = ({ ui: { w, close }, title, sub, back }: { ui: Ui; title: string; sub: string; back?: (() => void) | false }) => (
  <header class="head">
    {back && (
      <button class="button" aria-label={w.back} onClick={back}>
        <Icon name="back" />
      </button>
    )}
    <span class="who" aria-hidden="true">
      {initials(title)}
    </span>
    <div>
      <h1>{title}</h1>
      <p>{sub}</p>
    </div>
    <button class="button" aria-label={w.close} onClick={close}>
      <Icon name="x" />
    </button>
  </header>
);

/** A day for people: "3 August". */
export const day = (at: string, lang: string): string => new Date(at).toLocaleDateString(lang, { day: 'numeric', month: 'long' });
