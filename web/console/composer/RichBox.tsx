// The box that follows: Tiptap, with the marks that the desk allows and no others.
import { Editor, generateJSON, type ChainedCommands } from '@tiptap/core';
import type { EditorState } from '@tiptap/pm/state';
import StarterKit from '@tiptap/starter-kit';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { afterPaint } from '../shell/pace';
import type { Box, BoxProps, Caret, Mark } from './box';
import css from './composer.module.css';
import { caretSign, docOf, hasMarks, inline, textOf, withCaret } from './doc';
import { htmlOf, joined } from './marks';

const extensions = [StarterKit.configure({
  blockquote: false, codeBlock: false, heading: false, horizontalRule: false, strike: false, underline: false, dropcursor: false, gapcursor: false, trailingNode: false,
  link: { openOnClick: false, autolink: false, protocols: ['mailto'] },
})];
const emptySize = 2; // of a document of one empty paragraph
const parseOptions = { preserveWhitespace: 'full' } as const;
const names: Record<string, Mark> = { bold: 'bold', italic: 'italic', code: 'code', bulletList: 'list', orderedList: 'numbers' };

export default function RichBox(props: BoxProps & { start: Caret }) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const now = useRef(props);
  now.current = props;
  useLayoutEffect(() => {
    const { box, text, start } = now.current;
    const told = teller(now);
    const made = begun(place.current as HTMLDivElement, now, told, withCaret(text, start.at));
    editor.current = made;
    box.current = handle(made, told.settle);
    takeCaret(made);
    if (start.focused) made.view.focus();
    addEventListener('pagehide', told.settle);
    return () => {
      removeEventListener('pagehide', told.settle);
      told.tell();
      box.current = null;
      made.destroy();
    };
  }, []); // once: it keeps its text itself from then on
  const { list, active, label, placeholder } = props;
  useEffect(() => editor.current?.setOptions({}), [list, active, label, placeholder]);
  return <div ref={place} className={css.rich} />;
}

/** What was written as HTML, its marks written out: to be edited. */
export const marksOf = (html: string): string => textOf(generateJSON(html, extensions));

/** Tells what was typed once the letter is painted, or when it is settled before: then the composer has drawn it. */
function teller(now: { current: BoxProps }) {
  let last: Editor | undefined;
  const tell = () => {
    const editor = last;
    last = undefined;
    if (editor) now.current.onText(textOf(editor.getJSON()));
  };
  const settle = () => { if (last) flushSync(tell); };
  const typed = (editor: Editor) => {
    if (!last) afterPaint(settle);
    last = editor;
  };
  return { typed, settle, tell };
}

function begun(element: HTMLElement, now: { current: BoxProps }, { typed, settle }: ReturnType<typeof teller>, text: string): Editor {
  const attributes = ({ doc }: EditorState): Record<string, string> => {
    const { label, placeholder, list, active } = now.current;
    return {
      role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, 'aria-autocomplete': 'list', 'data-placeholder': placeholder, class: css.text ?? '', ...(doc.content.size > emptySize ? {} : { 'data-empty': '' }),
      ...(list ? { 'aria-controls': list } : {}), ...(active ? { 'aria-activedescendant': active } : {}),
    };
  };
  const files = (e: ClipboardEvent | DragEvent) => (('clipboardData' in e ? e.clipboardData : e.dataTransfer)?.files.length ?? 0) > 0; // the composer takes them
  const editor: Editor = new Editor({
    element, extensions, injectCSS: false, content: docOf(text), parseOptions,
    editorProps: {
      attributes,
      handlePaste: (_, e) => files(e),
      handleDrop: (_, e) => files(e),
      handleDOMEvents: { blur: settle },
      handleKeyDown: (_, e) => {
        if (e.key.length > 1) settle(); // what it does, it does with all that was typed
        if (now.current.onKey(e)) {
          e.preventDefault();
          return true;
        }
        return e.key === 'Enter' && e.shiftKey && breakLine(editor);
      },
    },
    onUpdate: ({ editor }) => typed(editor),
    onTransaction: () => now.current.onMarks(new Set(Object.entries(names).filter(([name]) => editor.isActive(name)).map(([, mark]) => mark))),
  });
  return editor;
}

/** What Enter does where Enter does not send. */
const breakLine = (editor: Editor): boolean =>
  editor.commands.first(({ commands }) => [() => commands.splitListItem('listItem'), () => commands.liftEmptyBlock(), () => commands.splitBlock()]);

function handle(editor: Editor, settle: () => void): Box {
  const write = () => editor.chain().focus();
  const does = (act: () => unknown) => {
    act();
    settle();
  };
  return {
    focus: () => editor.view.focus(),
    blur: () => editor.view.dom.blur(),
    before: () => {
      const { $from } = editor.state.selection;
      return $from.parent.textBetween(0, $from.parentOffset, '\n', '\n').split('\n').at(-1) ?? '';
    },
    put: (text, instead = 0) => does(() => {
      const { from, to } = editor.state.selection;
      write().insertContentAt({ from: from - instead, to }, htmlOf(text) ?? inline(text), { parseOptions }).run();
    }),
    mark: (mark) => does(() => marks[mark](write()).run()),
    link: (href) => does(() => {
      if (!editor.state.selection.empty) write().setLink({ href }).run();
      else write().insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run();
    }),
    clear: () => does(() => editor.commands.clearContent(true)),
    html: () => (hasMarks(editor.getJSON()) ? joined(editor.getHTML()) : undefined),
  };
}

const marks: Record<Mark, (chain: ChainedCommands) => ChainedCommands> = {
  bold: (c) => c.toggleBold(), italic: (c) => c.toggleItalic(), code: (c) => c.toggleCode(), list: (c) => c.toggleBulletList(), numbers: (c) => c.toggleOrderedList(),
};

/** Puts the caret where its sign stands, and takes the sign away. */
function takeCaret(editor: Editor): void {
  let at = -1;
  editor.state.doc.descendants((node, pos) => {
    const in_ = node.isText ? node.text?.indexOf(caretSign) ?? -1 : -1;
    if (in_ >= 0) at = pos + in_;
    return at < 0;
  });
  if (at < 0) return;
  const { state, view } = editor;
  view.dispatch(state.tr.delete(at, at + 1).setMeta('addToHistory', false));
  editor.commands.setTextSelection(at);
}
