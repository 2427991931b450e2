// The files of a ticket: seen before they are downloaded, one after the other (B110).
import type { Attachment } from '@relevo/shared/api/desk';
import { FileText, Film, ImageOff, Music } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Icon } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { shownInline, type Viewable } from '../../parts/Viewing';
import { useWords } from '../../shell/words';
import css from './gallery.module.css';
import type { TicketAction } from './opened';

export interface Piece extends Viewable { type: string; size: number }

const pictures = /^image\/(png|jpeg|gif|webp)$/;
export const isPicture = (p: Piece): boolean => pictures.test(p.type);
export const isPdf = (p: Piece): boolean => p.type === 'application/pdf';

/** What can be opened, oldest first. */
export const piecesOf = (actions: readonly TicketAction[]): Piece[] =>
  [...actions].reverse().flatMap((a) => a.attachments.flatMap((f: Attachment) => (f.url ? [{ name: f.name || f.type, type: f.type, size: f.size, url: f.url }] : [])));

/** A small picture; of what is none, or is broken, what kind of file it is. */
function Thumb({ of: p }: { of: Piece }) {
  const [failed, fail] = useState(false);
  if (isPicture(p) && !failed) return <img src={shownInline(p.url)} alt="" loading="lazy" onError={() => fail(true)} />;
  return <span className={css.paper}>{isPdf(p) ? 'PDF' : <Icon of={failed ? ImageOff : p.type.startsWith('video/') ? Film : p.type.startsWith('audio/') ? Music : FileText} />}</span>;
}

const Viewer = lazy(() => import('./GalleryViewer'));

export function Gallery({ of: actions }: { of: readonly TicketAction[] }) {
  const say = useWords();
  const [at, show] = useState<number>();
  const pieces = piecesOf(actions);
  if (pieces.length === 0) return null;
  return (
    <section aria-labelledby="t-gallery">
      <div className={css.head}><h2 id="t-gallery">{say('gallery')}</h2><span className={parts.help}>{pieces.length}</span></div>
      <ul className={css.strip}>
        {pieces.map((p, i) => (
          <li key={`${i} ${p.name}`}>
            <button type="button" onClick={() => show(i)} title={p.name}>
              <Thumb of={p} />
              <small>{p.name}</small>
            </button>
          </li>
        ))}
      </ul>
      {at !== undefined && <Suspense fallback={null}><Viewer pieces={pieces} first={at} onShut={() => show(undefined)} /></Suspense>}
    </section>
  );
}
