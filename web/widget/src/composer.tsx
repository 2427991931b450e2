// Where one writes: Enter sends, Shift+Enter breaks the line.
import { h, type VNode } from 'preact';
import { draft, parts, send, sendable, write } from './chat';
import { alert, clip, cross, face, icon, sheet, up } from './icons';
import { why } from './parts';
import { say, w } from './say';
import { attach, detach, files } from './upload';

const field = (): HTMLTextAreaElement => document.querySelector('.write textarea')!;
const faces = [...Array.from({ length: 16 }, (_, n) => String.fromCodePoint(0x1f600 + n)), ...'🤔😢😭😡👍👎👏🙏💪👋❤🎉🔥✨✅❌']; // the first are neighbours

function sent(e: Event): void {
  e.preventDefault();
  if (!sendable()) return;
  send(draft.trim());
  field().value = '';
  field().focus();
  document.querySelector('.flow')!.scrollTop = 0; // the end
}

/** The field, with the files of the next message. */
export function composer(): VNode {
  const take = (list?: FileList | null) => {
    const all = [...(list ?? [])]; // before the field forgets them
    attach(all);
    return all.length;
  };
  return (
    <form class="write" onSubmit={sent}>
      <ul class="files">
        {files.map((f) => (
          <li class={f.fault ? 'late' : ''}>
            {icon(f.fault ? alert : sheet)}
            <span>
              {f.name}
              {f.fault ? <small>{why(f.fault, w.noUpload)}</small> : !f.ref && <progress value={f.share} aria-label={f.name} />}
            </span>
            {f.fault && f.fault !== 413 && (
              <button type="button" class="button" onClick={f.go}>
                {w.retry}
              </button>
            )}
            <button
              type="button"
              class="button"
              aria-label={say(w.remove, f.name)}
              onClick={() => {
                detach(f);
                parts.changed();
              }}
            >
              {icon(cross)}
            </button>
          </li>
        ))}
      </ul>
      <label class="button">
        {icon(clip)}
        <input
          type="file"
          multiple
          class="sr"
          aria-label={w.attach}
          onChange={(e) => {
            take(e.currentTarget.files);
            e.currentTarget.value = '';
          }}
        />
      </label>
      <button class="button" type="button" aria-label={w.emoji} popovertarget="faces">
        {icon(face(5))}
      </button>
      <div id="faces" popover="auto" role="group" aria-label={w.emoji}>
        {faces.map((face) => (
          <button
            type="button"
            onClick={() => {
              const el = field();
              el.setRangeText(face, el.selectionStart, el.selectionEnd, 'end');
              write(el.value);
              document.getElementById('faces')!.hidePopover();
              el.focus();
            }}
          >
            {face}
          </button>
        ))}
      </div>
      <textarea
        rows={1}
        data-focus
        maxLength={16000}
        aria-label={w.message}
        placeholder={w.write}
        defaultValue={draft}
        onInput={(e) => write(e.currentTarget.value)}
        onPaste={(e) => take(e.clipboardData?.files) && e.preventDefault()}
        onKeyDown={(e) => e.key === 'Enter' && !e.shiftKey && !e.isComposing && sent(e)}
      />
      <button class="button brand" aria-label={w.send} aria-disabled={!sendable()}>
        {icon(up)}
      </button>
    </form>
  );
}
