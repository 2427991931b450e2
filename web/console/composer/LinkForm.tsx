import { useState } from 'react';
import { Button, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useWords } from '../shell/words';
import css from './composer.module.css';

/** Asks for the address of a link. */
export function LinkForm({ onTake, onClose }: { onTake(address: string): void; onClose(): void }) {
  const say = useWords();
  const [typed, type] = useState('');
  const address = /^(https?:\/\/|mailto:)/i.test(typed.trim()) ? typed.trim() : typed.trim() && `https://${typed.trim()}`;
  const valid = URL.canParse(address) && !/\s/.test(address);
  const take = () => { if (valid) onTake(address); };
  return (
    <div className={join(parts.float, css.linkForm)} role="group" aria-label={say('link')}>
      <input className={parts.input} value={typed} placeholder="https://" aria-label={say('link.address')} autoFocus spellCheck={false} onChange={(e) => type(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter') take();
          else if (e.key === 'Escape') onClose();
          else return;
          e.preventDefault();
          e.stopPropagation();
        }} />
      <Button look="go" disabled={!valid} onClick={take}>{say('link')}</Button>
    </div>
  );
}
