import { useImperativeHandle, useLayoutEffect, useRef, type RefObject } from 'react';
import type { Box, BoxProps, Mark } from './box';
import css from './composer.module.css';
import { htmlOf, itemize, joined, wrap, type Edit } from './marks';

const signs: Record<Exclude<Mark, 'list' | 'numbers'>, string> = { bold: '**', italic: '_', code: '`' };

/** The box that works at once: a text area, its marks written out. */
export function TextBox({ box, text, onText, onKey, label, placeholder, list, active, area }: BoxProps & { area: RefObject<HTMLTextAreaElement | null> }) {
  const chosen = useRef<[from: number, to: number]>(undefined);
  useLayoutEffect(() => {
    if (!chosen.current) return;
    area.current?.focus();
    area.current?.setSelectionRange(...chosen.current);
    chosen.current = undefined;
  });
  useImperativeHandle(box, (): Box => {
    const now = (): Edit => ({ text, from: area.current?.selectionStart ?? text.length, to: area.current?.selectionEnd ?? text.length });
    const set = (edit: Edit) => {
      chosen.current = [edit.from, edit.to];
      onText(edit.text);
    };
    const put = (s: string, instead = 0) => {
      const { from, to } = now();
      const begin = from - instead;
      set({ text: text.slice(0, begin) + s + text.slice(to), from: begin + s.length, to: begin + s.length });
    };
    return {
      focus: () => area.current?.focus(),
      blur: () => area.current?.blur(),
      before: () => {
        const el = area.current;
        return el ? el.value.slice(el.value.lastIndexOf('\n', el.selectionStart - 1) + 1, el.selectionStart) : '';
      },
      put,
      mark: (mark) => set(mark === 'list' || mark === 'numbers' ? itemize(now(), mark === 'numbers') : wrap(now(), signs[mark])),
      link: (address) => {
        const { from, to } = now();
        put(to > from ? `[${text.slice(from, to)}](${address})` : address);
      },
      clear: () => set({ text: '', from: 0, to: 0 }),
      html: () => {
        const html = htmlOf(text.trim());
        return html && joined(html);
      },
    };
  }, [text, onText, area]);
  return (
    <textarea ref={area} className={css.text} rows={2} value={text} aria-label={label} placeholder={placeholder} aria-controls={list} aria-autocomplete="list" aria-activedescendant={active}
      onChange={(e) => onText(e.target.value)}
      onKeyDown={(e) => {
        const mark = (e.ctrlKey || e.metaKey) && ({ b: 'bold', i: 'italic', e: 'code' } as const)[e.key];
        if (mark) box.current?.mark(mark);
        else if (!onKey(e.nativeEvent)) return;
        e.preventDefault();
      }} />
  );
}
