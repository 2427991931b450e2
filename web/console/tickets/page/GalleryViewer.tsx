import { lazy, Suspense } from 'react';
import { size } from '../../parts/time';
import { Picture, Sheet, Viewing } from '../../parts/Viewing';
import { useWords } from '../../shell/words';
import { isPdf, isPicture, type Piece } from './Gallery';

const PdfView = lazy(() => import('./PdfView')); // larger than the page itself

/** One file of a ticket at its full size, with arrows to the others (B110). */
export default function GalleryViewer({ pieces, first, onShut }: { pieces: readonly Piece[]; first: number; onShut(): void }) {
  const say = useWords();
  return (
    <Viewing pieces={pieces} first={first} onShut={onShut}>
      {(now) => (isPicture(now) ? <Picture key={now.url} of={now} />
        : isPdf(now) ? <Suspense fallback={<Sheet role="status">{say('gallery.loading')}</Sheet>}><PdfView key={now.url} of={now} /></Suspense>
          : <Sheet>{say('gallery.noPreview', { name: now.name, size: size(now.size) })}</Sheet>)}
    </Viewing>
  );
}
