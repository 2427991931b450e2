// Files that go with a message: the button, and each file on its way.
import { CircleAlert, FileText, Paperclip, RotateCw, X } from 'lucide-react';
import { useRef } from 'react';
import { Button, Icon } from '../parts/parts';
import { size } from '../parts/time';
import { useWords } from '../shell/words';
import css from './composer.module.css';
import type { Loading } from './uploads';

export function AttachButton({ onFiles }: { onFiles(files: File[]): void }) {
  const say = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={Paperclip} name={say('attach')} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple hidden aria-label={say('attach')} onChange={(e) => { onFiles([...(e.target.files ?? [])]); e.target.value = ''; }} />
    </>
  );
}

/** The files that go along, those that were refused with the reason. */
export function LoadingFiles({ of, onDrop }: { of: readonly Loading[]; onDrop(id: string): void }) {
  const say = useWords();
  if (of.length === 0) return null;
  return (
    <div className={css.files}>
      {of.map((f) => <LoadingFile key={f.id} of={f} onDrop={() => { f.stop(); onDrop(f.id); }} />)}
      {of.some((f) => f.fault) && <p className={css.missing} role="status">{say('file.blocks')}</p>}
    </div>
  );
}

function LoadingFile({ of: f, onDrop }: { of: Loading; onDrop(): void }) {
  const say = useWords();
  if (f.fault) {
    return (
      <div className={css.file} data-fault="">
        <Icon of={CircleAlert} /><span><b>{f.name}</b><small role="alert">{f.fault.why}</small></span>
        {f.fault.again && <Button tiny icon={RotateCw} name={say('file.again', { name: f.name })} onClick={f.fault.again} />}
        <Button tiny icon={X} name={say('file.remove', { name: f.name })} onClick={onDrop} />
      </div>
    );
  }
  return (
    <div className={css.file}>
      <Icon of={FileText} /><span><b>{f.name}</b><small>{f.key ? size(f.size) : say('file.of', { done: size(f.size * f.share), all: size(f.size) })}</small></span>
      <Button tiny icon={X} name={say('file.cancel', { name: f.name })} onClick={onDrop} />
      {!f.key && <progress value={f.share} max={1} aria-label={say('file.progress', { name: f.name })} />}
    </div>
  );
}
