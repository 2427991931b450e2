import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { size } from '../../parts/time';
import { useWords } from '../../shell/words';
import look from '../../shell/scenes.module.css';
import { isPdf, isPicture, shownInline, type Piece } from './Gallery';
import css from './gallery.module.css';

const PdfView = lazy(() => import('./PdfView')); // larger than the page itself

/** One file at its full size, with arrows to the others. */
export default function GalleryViewer({ pieces, first, onShut }: { pieces: readonly Piece[]; first: number; onShut(): void }) {
  const say = useWords();
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
  return (
    <Dialog.Root open onOpenChange={(o) => !o && onShut()}>
      <Dialog.Portal>
        <Dialog.Content className={look.viewer} aria-describedby={undefined} onClick={(e) => { if (e.target === e.currentTarget) onShut(); }}>
          <Dialog.Title className={look.viewerBar}>
            <span className={css.name}>{now.name} <small>{say('gallery.of', { at: at + 1, all: pieces.length })}</small></span>
            {pieces.length > 1 && <><Button icon={ChevronLeft} name={say('gallery.before')} onClick={() => turn(-1)} /><Button icon={ChevronRight} name={say('gallery.next')} onClick={() => turn(1)} /></>}
            <a className={join(parts.button, css.download)} href={now.url} target="_blank" rel="noopener noreferrer"><Icon of={Download} /><span>{say('gallery.download')}</span></a>
            <Button icon={X} name={say('dialog.shut')} onClick={onShut} />
          </Dialog.Title>
          {isPicture(now) ? <img src={shownInline(now.url)} alt={now.name} />
            : isPdf(now) ? <Suspense fallback={<p className={css.sheet}>{say('gallery.loading')}</p>}><PdfView key={now.url} of={now} /></Suspense>
              : <p className={css.sheet}>{say('gallery.noPreview', { name: now.name, size: size(now.size) })}</p>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
