import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import { Button } from '../parts/parts';
import look from './scenes.module.css';
import { shut, type Scene } from './stage';
import { useWords } from './words';

/** Pictures at full size, with arrows between them. */
export default function Viewer({ scene: { pictures, at: first } }: { scene: Extract<Scene, { kind: 'viewer' }> }) {
  const say = useWords();
  const [at, go] = useState(first);
  const turn = (by: number) => go((now) => (now + by + pictures.length) % pictures.length);
  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (by) turn(by);
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
  const now = pictures[at];
  return (
    <Dialog.Root open onOpenChange={(o) => !o && shut()}>
      <Dialog.Portal>
        <Dialog.Content className={look.viewer} aria-describedby={undefined} onClick={(e) => { if (e.target === e.currentTarget) shut(); }}>
          <Dialog.Title className={look.viewerBar}>
            <span>{now?.name}</span>
            {pictures.length > 1 && <><Button icon={ChevronLeft} name={say('viewer.before')} onClick={() => turn(-1)} /><Button icon={ChevronRight} name={say('viewer.next')} onClick={() => turn(1)} /></>}
            <Button icon={X} name={say('dialog.shut')} onClick={shut} />
          </Dialog.Title>
          {now && <img src={now.url} alt={now.name} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
