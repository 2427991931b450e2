// A list to search and to choose from with the keyboard: the field keeps the focus, the arrows move, Enter takes.
import { Search, type LucideIcon } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useWords } from '../shell/words';
import { Icon, OnlyRead } from './parts';
import picks from './choices.module.css';
import css from './parts.module.css';

export interface Option {
  id: string;
  text: string;
  /** What is searched besides the text. */
  more?: string;
  /** A heading that comes before this one and those of the same. */
  group?: string;
  /** It was found by what is typed elsewhere: it is shown whatever its text says. */
  sure?: boolean;
  view: ReactNode;
  icon?: LucideIcon;
}

/** Without accents and capitals, so that "ines" finds Inés. */
export const plain = (s: string): string => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export const found = (options: readonly Option[], typed: string): Option[] => {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return options.filter((o) => o.sure || words.every((w) => plain(`${o.text} ${o.more ?? ''}`).includes(w)));
};

export function Choices({ label, options, chosen, onChosen, onTaken, onTyped, typed, empty, large, quiet, failed, fault }: {
  label: string; options: readonly Option[]; chosen?: string; onChosen?(id: string): void;
  /** Enter, or a second click: it is to be done. */
  onTaken(id: string): void;
  typed: string; onTyped(text: string): void; empty: string; large?: boolean;
  /** Among other fields: it does not take the focus. */
  quiet?: boolean;
  /** What is looked for could not be: why, and what tries again. */
  failed?: { why: string; retry(): void } | undefined;
  /** The id of what says that the choice is wrong. */
  fault?: string | undefined;
}) {
  const say = useWords();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const shown = found(options, typed);
  const [at, setAt] = useState(chosen);
  const active = shown.find((o) => o.id === (chosen ?? at)) ?? shown[0];
  const move = (next: Option | undefined) => {
    if (!next) return;
    setAt(next.id);
    onChosen?.(next.id);
  };
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active?.id]);
  const keys = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && shown.length > 0) {
      e.preventDefault();
      const from = shown.findIndex((o) => o.id === active?.id);
      move(shown[(from + step + shown.length) % shown.length]);
    } else if (e.key === 'Enter' && active && !e.nativeEvent.isComposing) {
      e.preventDefault();
      onTaken(active.id);
    }
  };
  let group: string | undefined;
  return (
    <div>
      <label className={picks.search} data-large={large}>
        <Icon of={Search} /><OnlyRead>{label}</OnlyRead>
        <input type="text" role="combobox" aria-expanded="true" aria-controls={id} aria-autocomplete="list" aria-activedescendant={active && `${id}-${active.id}`}
          aria-invalid={fault ? true : undefined} aria-describedby={fault}
          placeholder={label} value={typed} autoFocus={!quiet} autoComplete="off" spellCheck={false}
          onChange={(e) => { onTyped(e.target.value); setAt(undefined); const first = found(options, e.target.value)[0]; if (first) onChosen?.(first.id); }} onKeyDown={keys} />
      </label>
      <ul className={picks.choices} role="listbox" id={id} aria-label={label} ref={list} data-quiet={quiet || undefined} style={{ marginBlockStart: 8 }}>
        {shown.map((o) => {
          const heading = o.group !== group && o.group;
          group = o.group;
          return [
            heading && <li key={`${o.group}-head`} className={picks.choiceRule} role="presentation">{heading}</li>,
            <li key={o.id} id={`${id}-${o.id}`} className={picks.choice} role="option" aria-selected={o.id === active?.id}
              onClick={() => (onChosen && o.id !== chosen ? move(o) : onTaken(o.id))} onPointerDown={(e) => e.preventDefault()}>
              {o.icon && <Icon of={o.icon} />}{o.view}
            </li>,
          ];
        })}
        {shown.length === 0 && !failed && <li className={picks.choiceRule} role="presentation">{empty}</li>}
      </ul>
      {failed && <p role="alert" className={css.helpLate}>{failed.why} <button type="button" className={css.textButton} onClick={failed.retry}>{say('retry')}</button></p>}
    </div>
  );
}
