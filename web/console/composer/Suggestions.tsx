import type { Agent, Canned } from '@relevo/shared/api/desk';
import { join, Key, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import picks from '../parts/choices.module.css';
import { useWords } from '../shell/words';
import css from './composer.module.css';
import { filled } from './suggest';

/** Canned replies: names on one side, what the customer gets on the other. */
export function CannedList({ of, at, word, names, onTake, id }: { of: Canned[]; at: number; word: string; names: { contact: string; agent: string }; onTake(c: Canned): void; id: string }) {
  const say = useWords();
  const active = of[at];
  return (
    <div className={join(parts.float, css.canned)}>
      <ul className={css.names} role="listbox" aria-label={say('canned')} id={id}>
        {of.map((c, i) => (
          <li key={c.id} id={`${id}-${i}`} className={picks.choice} role="option" aria-selected={i === at} onPointerDown={(e) => { e.preventDefault(); onTake(c); }}>
            <span><b>{c.short.slice(0, word.length)}</b>{c.short.slice(word.length)}</span>
          </li>
        ))}
      </ul>
      <div className={css.show}>
        <p className={parts.label}>{say('canned.asSent')}</p>
        <p>{active && filled(active.text, names)}</p>
      </div>
      <p className={css.keys}><span><Key>↑</Key><Key>↓</Key> {say('keys.choose')}</span><span><Key>↵</Key> {say('keys.insert')}</span><span><Key>Esc</Key> {say('keys.close')}</span></p>
    </div>
  );
}

export function MentionList({ of, at, onTake, id }: { of: Agent[]; at: number; onTake(a: Agent): void; id: string }) {
  const say = useWords();
  return (
    <ul className={join(parts.float, css.mentions)} role="listbox" aria-label={say('agents')} id={id}>
      {of.map((a, i) => (
        <li key={a.id} id={`${id}-${i}`} className={picks.choice} role="option" aria-selected={i === at} onPointerDown={(e) => { e.preventDefault(); onTake(a); }}>
          <Who agent={a} size="s" presence={a.seat?.presence} />{a.name}
        </li>
      ))}
    </ul>
  );
}

const emojis = ['😀', '😊', '😉', '😍', '🤔', '😅', '😢', '😮', '👍', '👎', '👏', '🙏', '💪', '👋', '🤝', '✅', '❌', '⚠️', '❤️', '🎉', '🔥', '📦', '🚚', '⏰', '☕', '💳', '📞', '📧', '📍', '🔧', '🧾', '⭐'];

export function Emojis({ onTake }: { onTake(emoji: string): void }) {
  const say = useWords();
  return (
    <div className={join(parts.float, css.emojis)} role="group" aria-label={say('emoji')}>
      {emojis.map((e) => <button key={e} type="button" onClick={() => onTake(e)}>{e}</button>)}
    </div>
  );
}
