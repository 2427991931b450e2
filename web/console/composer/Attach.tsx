// Files that go with a message: the button, and each file on its way.
import { FileText, Paperclip, X } from 'lucide-react';
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

export function LoadingFile({ of: f, onDrop }: { of: Loading; onDrop(): void }) {
  const say = useWords();
  return (
    <div className={css.file}>
      <Icon of={FileText} /><span><b>{f.name}</b><small>{f.key ? size(f.size) : say('file.of', { done: size(f.size * f.share), all: size(f.size) })}</small></span>
      <Button tiny icon={X} name={say('file.cancel', { name: f.name })} onClick={onDrop} />
      {!f.key && <progress value={f.share} max={1} aria-label={say('file.progress', { name: f.name })} />}
    </div>
  );
}
