import { h } from 'preact';
import type { Ui } from './head';
import { Icon } from './icons';
import { size } from './message';
import { say } from './say';

const faces = [...'😀😄😂🙂😉😍🥰😘🤔😅😢😭😡😱😴🤗👍👎👌🙏👏💪🙌👋❤🎉🔥✨⭐✅❌☕'];

export function Composer({ ui: { chat, w, lang } }: { ui: Ui }) {
  const field = () => document.querySelector('textarea')!;
  const send = (e: Event) => {
    e.preventDefault();
    if (!chat.sendable) return;
    chat.send(chat.draft.trim());
    field().value = '';
    field().focus();
    document.querySelector('.flow')!.scrollTop = 0; // the end
  };
  const write = () => {
    chat.draft = field().value;
  };
  const add = (files?: FileList | null) => chat.attach(files ?? []);
  return (
    <form class="write" onSubmit={send}>
      <ul class="files">
        {chat.files.map((f) => (
          <li key={f.id} class={f.fault ? 'late' : ''}>
            <Icon name={f.fault ? 'alert' : 'file'} />
            <span>
              {f.name}
              {!f.ref && !f.fault && <progress value={f.share} aria-label={f.name} />}
              {f.fault && <small>{f.fault === 'large' ? say(w.tooLarge, size(chat.most, lang)) : w.noUpload}</small>}
            </span>
            <button type="button" aria-label={say(w.remove, f.name)} onClick={() => chat.detach(f.id)}>
              <Icon name="x" />
            </button>
          </li>
        ))}
      </ul>
      <div class="faces" id="faces" popover="auto">
        {faces.map((face) => (
          <button
            type="button"
            onClick={() => {
              field().setRangeText(face, field().selectionStart, field().selectionEnd, 'end');
              write();
              document.getElementById('faces')!.hidePopover();
              field().focus();
            }}
          >
            {face}
          </button>
        ))}
      </div>
      <label class="button" aria-label={w.attach}>
        <Icon name="clip" />
        <input
          type="file"
          multiple
          class="only-read"
          aria-label={w.attach}
          onChange={(e) => {
            add(e.currentTarget.files);
            e.currentTarget.value = '';
          }}
        />
      </label>
      <button class="button" type="button" aria-label={w.emoji} popoverTarget="faces">
        <Icon name="smile" />
      </button>
      <textarea
        rows={1}
        data-focus
        maxLength={16000}
        aria-label={w.message}
        placeholder={w.write}
        defaultValue={chat.draft}
        onInput={write}
        onPaste={(e) => {
          if (add(e.clipboardData?.files)) e.preventDefault();
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) send(e);
        }}
      />
      <button class="button brand" aria-label={w.send} aria-disabled={!chat.sendable}>
        <Icon name="up" />
      </button>
    </form>
  );
}
