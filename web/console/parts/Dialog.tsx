// A dialog. Radix keeps the focus inside and gives it back; its own overlay is not used, for it writes style elements,
// which the page's policy forbids.
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { Button, join } from './parts';
import css from './parts.module.css';
import dialogs from './dialog.module.css';

export function Dialog({ title, children, foot, onSubmit, onShut = shut, wide, bare }: {
  title: string; children: ReactNode; foot?: ReactNode; onSubmit?: () => void; onShut?: () => void; wide?: boolean; bare?: boolean;
}) {
  const say = useWords();
  const submit = (e: FormEvent) => {
    e.preventDefault();
    onSubmit?.();
  };
  const keys = (e: KeyboardEvent) => {
    if (!onSubmit || e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.defaultPrevented) return;
    e.preventDefault();
    const form = e.currentTarget.querySelector('form');
    if (!e.repeat && !form?.querySelector('[type=submit]:disabled')) form?.requestSubmit(); // as the button: not twice, not while it is busy
  };
  return (
    <Radix.Root open onOpenChange={(o) => !o && onShut()}>
      <Radix.Portal>
        <div className={dialogs.scrim}>
          <Radix.Content className={join(css.float, dialogs.dialog, wide && dialogs.wide)} aria-describedby={undefined}
            onKeyDown={keys}
            onCloseAutoFocus={(e) => { if (document.activeElement !== document.body) e.preventDefault(); }}>
            {bare ? <Radix.Title className={css.onlyRead}>{title}</Radix.Title> : (
              <header className={dialogs.dialogHead}>
                <Radix.Title>{title}</Radix.Title>
                <Radix.Close asChild><Button icon={X} name={say('dialog.shut')} /></Radix.Close>
              </header>
            )}
            <form onSubmit={submit} noValidate>
              {children}
              {foot && <footer className={dialogs.dialogFoot}>{foot}</footer>}
            </form>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const Body = ({ children }: { children: ReactNode }) => <div className={dialogs.dialogBody}>{children}</div>;

export function Cancel() {
  const say = useWords();
  return <Radix.Close asChild><Button>{say('cancel')}</Button></Radix.Close>;
}
