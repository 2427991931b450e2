// The files of the next message, and the faces.
import { Fragment, h } from 'preact';
import type { Chat } from './chat';
import { field } from './composer';
import type { Ui } from './head';
import { Icon } from './icons';
import { say } from './say';
import { upload } from './upload';
import type { Message } from './wire';

/** A size for people: "48 kB", "1.2 MB". */
const size = (bytes: number, lang: string): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toLocaleString(lang, { maximumFractionDigits: 1 })} MB`;

/** The files of a message: pictures to see, others to fetch. */
export const Attached = ({ m, lang }: { m: Message; lang: string }) => (
  <>
    {m.attachments.map((a) => (
      <a class="file" href={a.url!} target="_blank" rel="noopener">
        {a.type.startsWith('image/') ? <img src={a.url} alt={a.name} /> : [<Icon name="file" />, a.name, <small>{size(a.size, lang)}</small>]}
      </a>
    ))}
  </>
);

const most = 10; // files of a message

/** Uploads files for the next message. */
export function attach(chat: Chat, files: File[]): void {
  for (const file of files.slice(0, most - chat.files.length)) chat.files.push(upload(chat.call, chat.newID(), file, chat.most, chat.changed));
  chat.changed();
}

export const Files = ({ ui: { chat, w, lang } }: { ui: Ui }) => (
  <ul class="files">
    {chat.files.map((f) => (
      <li key={f.id} class={f.fault ? 'late' : ''}>
        <Icon name={f.fault ? 'alert' : 'file'} />
        <span>
          {f.name}
          {!f.ref && !f.fault && <progress value={f.share} aria-label={f.name} />}
          {f.fault && <small>{f.fault === 'large' ? say(w.tooLarge, size(chat.most, lang)) : w.noUpload}</small>}
        </span>
        <button type="button" class="button" aria-label={say(w.remove, f.name)} onClick={() => chat.detach(f)}>
          <Icon name="x" />
        </button>
      </li>
    ))}
  </ul>
);

const faces = [...'😀😄😂🙂😉😍🥰😘🤔😅😢😭😡😱😴🤗👍👎👌🙏👏💪🙌👋❤🎉🔥✨⭐✅❌☕'];

export const Faces = ({ ui: { chat, w } }: { ui: Ui }) => (
  <div class="faces" popover="auto" role="group" aria-label={w.emoji} ref={(el) => {
      if (el?.isConnected) el.showPopover();
    }} onToggle={(e) => e.newState === 'closed' && chat.pick(false)}>
    {faces.map((face) => (
      <button
        type="button"
        onClick={() => {
          field().setRangeText(face, field().selectionStart, field().selectionEnd, 'end');
          chat.draft = field().value;
          chat.pick(false);
          field().focus();
        }}
      >
        {face}
      </button>
    ))}
  </div>
);
