// Files at their full size, one at a time, with arrows to the others.
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useState, type ReactNode } from 'react';
import { useWords } from '../shell/words';
import { Button, Icon, join } from './parts';
import parts from './parts.module.css';
import css from './viewing.module.css';

/** What is shown; its url gives it as a download. */
export interface Viewable { name: string; url: string }

export function Viewing<V extends Viewable>({ pieces: given, first, onShut, children }: { pieces: readonly V[]; first: number; onShut(): void; children(now: V): ReactNode }) {
  const say = useWords();
  const [pieces] = useState(given); // each reading of the page gives files other addresses: what is looked at would begin anew
  const [at, go] = useState(first);
  const turn = (by: number) => go((now) => (now + by + pieces.length) % pieces.length);
  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (by) turn(by);
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
  const now = pieces[at];
  if (!now) return null;
  const newest = given[at]?.name === now.name ? given[at] : now; // an address is good for minutes only
  return (
    <Dialog.Root open onOpenChange={(o) => !o && onShut()}>
      <Dialog.Portal>
        <Dialog.Content className={css.viewer} aria-describedby={undefined} onClick={(e) => { if (e.target === e.currentTarget) onShut(); }}>
          <Dialog.Title className={css.bar}>
            <span className={css.name}>{now.name}{pieces.length > 1 && <small> {say('viewer.of', { at: at + 1, all: pieces.length })}</small>}</span>
            {pieces.length > 1 && <><Button icon={ChevronLeft} name={say('viewer.before')} onClick={() => turn(-1)} /><Button icon={ChevronRight} name={say('viewer.next')} onClick={() => turn(1)} /></>}
            <a className={join(parts.button, css.download)} href={newest.url} target="_blank" rel="noopener noreferrer"><Icon of={Download} /><span>{say('viewer.download')}</span></a>
            <Button icon={X} name={say('dialog.shut')} onClick={onShut} />
          </Dialog.Title>
          {children(now)}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The address under which a file is shown rather than downloaded. */
export const shownInline = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}inline=1`;

export function Picture({ of }: { of: Viewable }) {
  const [failed, fail] = useState(false);
  return failed ? <Broken /> : <img src={shownInline(of.url)} alt={of.name} onError={() => fail(true)} />;
}

/** In the place of what cannot be shown. */
export function Broken() {
  const say = useWords();
  return <p className={css.sheet} role="alert">{say('viewer.broken')}</p>;
}

/** A word in the place of a file that is not shown. */
export const Sheet = ({ role, children }: { role?: 'status'; children: ReactNode }) => <p className={css.sheet} role={role}>{children}</p>;
