import type { Attachment } from '@relevo/shared/api/desk';
import { FileText } from 'lucide-react';
import { Icon } from '../parts/parts';
import { size } from '../parts/time';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import css from './thread.module.css';

const shownTypes = /^image\/(png|jpeg|gif|webp)$/;
const inline = (url: string) => `${url}${url.includes('?') ? '&' : '?'}inline=1`;

/** The files of a message: pictures in a grid with a viewer, the rest as cards. */
export function Files({ of }: { of: readonly Attachment[] }) {
  const say = useWords();
  const pictures = of.flatMap((a) => (a.url && shownTypes.test(a.type) ? [{ url: inline(a.url), name: a.name || say('picture') }] : []));
  const rest = of.filter((a) => !(a.url && shownTypes.test(a.type)));
  return (
    <>
      {pictures.length > 0 && (
        <div className={css.pictures}>
          {pictures.map((p, at) => (
            <button key={p.url} type="button" onClick={() => open({ kind: 'viewer', pictures, at })}><img src={p.url} alt={p.name} loading="lazy" /></button>
          ))}
        </div>
      )}
      {rest.length > 0 && (
        <div className={css.files}>
          {rest.map((a) => {
            const what = <><Icon of={FileText} /><span><b>{a.name || a.type}</b><small>{a.failed ?? (a.url ? `${(a.name.split('.').pop() ?? '').toUpperCase()} · ${size(a.size)}` : say('file.coming'))}</small></span></>;
            return a.url ? <a key={a.name + a.url} className={css.file} href={a.url} target="_blank" rel="noopener noreferrer">{what}</a> : <span key={a.name} className={css.file}>{what}</span>;
          })}
        </div>
      )}
    </>
  );
}
