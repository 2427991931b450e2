import { h } from 'preact';
import type { Ui } from './head';
import { Icon } from './icons';

export const field = (): HTMLTextAreaElement => document.querySelector('.write textarea')!;

/** Where one writes: Enter sends, Shift+Enter breaks the line. */
export function Composer({ ui }: { ui: Ui }) {
  const { chat, w } = ui;
  const send = (e: Event) => {
    e.preventDefault();
    if (!chat.sendable) return;
    chat.send(chat.draft.trim());
    field().value = '';
    field().focus();
    document.querySelector('.flow')!.scrollTop = 0; // the end
  };
  const add = (files?: FileList | null) => {
    const all = [...(files ?? [])]; // before the field forgets them
    if (all.length) void ui.load().then((parts) => parts?.attach(chat, all));
    return all.length;
  };
  return (
    <form class="write" onSubmit={send}>
      {ui.later && chat.files.length > 0 && <ui.later.Files ui={ui} />}
      {ui.later && chat.picking && <ui.later.Faces ui={ui} />}
      <label class="button">
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
      <button class="button" type="button" aria-label={w.emoji} aria-expanded={chat.picking} onClick={() => ui.load().then(() => chat.pick(!chat.picking))}>
        <Icon name="smile" />
      </button>
      <textarea
        rows={1}
        data-focus
        maxLength={16000}
        aria-label={w.message}
        placeholder={w.write}
        defaultValue={chat.draft}
        onInput={(e) => (chat.draft = e.currentTarget.value)}
        onPaste={(e) => add(e.clipboardData?.files) && e.preventDefault()}
        onKeyDown={(e) => e.key === 'Enter' && !e.shiftKey && !e.isComposing && send(e)}
      />
      <button class="button brand" aria-label={w.send} aria-disabled={!chat.sendable}>
        <Icon name="up" />
      </button>
    </form>
  );
}
