// A PDF, drawn page by page by pdf.js: without eval, its worker from our own origin, as the page's policy wants.
import { ChevronDown, ChevronUp } from 'lucide-react';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist';
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../parts/parts';
import { Broken, Sheet } from '../../parts/Viewing';
import { useWords } from '../../shell/words';
import type { Piece } from './Gallery';
import css from './gallery.module.css';

GlobalWorkerOptions.workerSrc = worker;

export default function PdfView({ of }: { of: Piece }) {
  const say = useWords();
  const [doc, setDoc] = useState<PDFDocumentProxy>();
  const [failed, fail] = useState(false);
  const [at, go] = useState(1);
  useEffect(() => {
    const abort = new AbortController();
    let loading: ReturnType<typeof getDocument> | undefined;
    const load = async () => {
      const answer = await fetch(of.url, { signal: abort.signal });
      if (!answer.ok) throw new Error(`the file answers ${answer.status}`);
      loading = getDocument({ data: await answer.arrayBuffer(), isEvalSupported: false, useWasm: false, enableXfa: false, useSystemFonts: true });
      setDoc(await loading.promise);
    };
    load().catch(() => { if (!abort.signal.aborted) fail(true); });
    return () => { abort.abort(); void loading?.destroy(); };
  }, [of.url]);
  if (failed) return <Broken />;
  if (!doc) return <Sheet role="status">{say('gallery.loading')}</Sheet>;
  return (
    <div className={css.pdf}>
      <PdfPage of={doc} at={at} label={say('gallery.page', { name: of.name, at, all: doc.numPages })} />
      {doc.numPages > 1 && (
        <p className={css.turn}>
          <Button look="edge" icon={ChevronUp} name={say('gallery.pageBefore')} disabled={at === 1} onClick={() => go(at - 1)} />
          <span>{at} / {doc.numPages}</span>
          <Button look="edge" icon={ChevronDown} name={say('gallery.pageNext')} disabled={at === doc.numPages} onClick={() => go(at + 1)} />
        </p>
      )}
    </div>
  );
}

function PdfPage({ of: doc, at, label }: { of: PDFDocumentProxy; at: number; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(0);
  const [failed, setFailed] = useState(0);
  useEffect(() => {
    let gone = false;
    let task: { cancel(): void } | undefined;
    const draw = async () => {
      const page = await doc.getPage(at);
      if (gone || !place.current) return;
      const natural = page.getViewport({ scale: 1 });
      const wide = Math.min(place.current.clientWidth, 900);
      const viewport = page.getViewport({ scale: (wide / natural.width) * Math.min(2, devicePixelRatio) });
      const canvas = document.createElement('canvas'); // a fresh one: two pages never draw into the same
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      const render = page.render({ canvas, viewport });
      task = render;
      await render.promise;
      if (gone) return;
      place.current.replaceChildren(canvas);
      setDrawn(at);
    };
    draw().catch(() => {
      if (gone) return;
      place.current?.replaceChildren(); // what stands there is another page
      setDrawn(0);
      setFailed(at);
    });
    return () => { gone = true; task?.cancel(); };
  }, [doc, at]);
  return (
    <div className={css.sheetPage}>
      {failed === at && <Broken />}
      <div ref={place} role="img" aria-label={label} data-drawn={drawn || undefined} hidden={failed === at} />
    </div>
  );
}
