// The box in which one types, with what stands around it.
import type { Conversation, Message } from '@relevo/shared/api/desk';
import { AtSign, Bold, Code, Italic, Link, List, ListOrdered, Smile, X, Zap, type LucideIcon } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ClipboardEvent, type ComponentType, type DragEvent, type MouseEvent, type RefObject } from 'react';
import { write } from '../conversations/acts';
import { nameOfContact } from '../conversations/overlaid';
import { Button, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useCell } from '../shell/cell';
import { alive, useAgents, useMe } from '../shell/desk';
import { enterSends } from '../shell/preferences';
import { useWords, type Key } from '../shell/words';
import { AttachButton, LoadingFiles } from './Attach';
import type { Box, BoxProps, Caret, Mark } from './box';
import css from './composer.module.css';
import { draftOf, keepDraft, type Kind } from './drafts';
import { LinkForm } from './LinkForm';
import { mentionsIn } from './suggest';
import { Emojis } from './Suggestions';
import { TextBox } from './TextBox';
import { useSuggestions } from './useSuggestions';
import { useTyping } from './useTyping';
import { useUploads } from './uploads';

const marks: [Mark, LucideIcon, Key][] = [['bold', Bold, 'bold'], ['italic', Italic, 'italic'], ['list', List, 'list'], ['numbers', ListOrdered, 'list.numbered'], ['code', Code, 'code']];

/** The box keeps the focus: what is typed at once after the press is text, not a shortcut. */
const stays = (e: MouseEvent): void => e.preventDefault();

interface Props {
  conversation: Conversation;
  kind: Kind;
  /** It cannot be sent now. */
  held: boolean;
  replyTo?: Message;
  onReply(m: Message | undefined): void;
  box: RefObject<Box | null>;
  /** Who attends the conversation once this reply went, if it is nobody's. */
  taker?: string;
  onSent(): void;
}

export function Writing({ conversation: c, kind, held, replyTo, onReply, box, taker, onSent }: Props) {
  const say = useWords();
  const me = useMe().agent;
  const agents = alive(useAgents());
  const note = kind === 'note';
  const [text, setText] = useState(() => draftOf(c.id, kind));
  const [on, setOn] = useState<ReadonlySet<Mark>>(new Set());
  const [opened, open] = useState<'emojis' | 'link'>();
  const [over, setOver] = useState(false);
  const enter = useCell(enterSends);
  const up = useUploads(`${kind} ${c.id}`);
  const typing = useTyping(c.id, !note && !held);
  const suggest = useSuggestions({ note, box, names: { contact: c.contact.name || '', agent: me.name } });
  const looked = useRef(text);
  useLayoutEffect(() => {
    if (looked.current === text) return;
    looked.current = text;
    suggest.look();
  });
  const area = useRef<HTMLTextAreaElement>(null);
  const rich = useRichBox(area, Boolean(suggest.view));
  const loading = up.unready;
  const empty = !text.trim() && up.files.length === 0;
  const post = () => {
    if (empty || loading || held) return;
    const typed = text.trim();
    const html = box.current?.html();
    const mentions = note ? mentionsIn(typed, agents) : [];
    void write(c.id, {
      kind, ...(html ? { html } : typed ? { text: typed } : {}),
      ...(up.files.length > 0 ? { attachments: up.files.map((f) => ({ key: f.key ?? '', name: f.name })) } : {}),
      ...(replyTo && !note ? { reply_to: replyTo.id } : {}), ...(mentions.length > 0 ? { mentions } : {}),
    }, { text: typed, files: up.files.map((f) => f.name) }, taker);
    typing.sent();
    box.current?.clear();
    up.clear();
    onSent();
  };
  const mark = (next: ReadonlySet<Mark>) => setOn((was) => ([...next].join() === [...was].join() ? was : next));
  const change = (typed: string) => {
    setText(typed);
    keepDraft(c.id, kind, typed);
    typing.tell(typed !== '');
  };
  const keys = (e: KeyboardEvent): boolean => {
    if (e.isComposing) return false;
    if (suggest.key(e)) return true;
    if (e.key === 'Escape') {
      if (opened) open(undefined);
      else box.current?.blur();
      return true;
    }
    const sends = e.key === 'Enter' && (enter ? !e.shiftKey : e.ctrlKey || e.metaKey);
    if (sends) post();
    return sends;
  };
  const props: BoxProps = { box, text, onText: change, onKey: keys, onMarks: mark, label: say(note ? 'note.private' : 'reply'), placeholder: say(note ? 'composer.writeNote' : 'composer.write'), list: suggest.list, active: suggest.active };
  const paste = (e: ClipboardEvent) => { if (e.clipboardData.files.length > 0) { e.preventDefault(); up.attach(e.clipboardData.files); } };
  const drop = (e: DragEvent) => { e.preventDefault(); setOver(false); up.attach(e.dataTransfer.files); };
  const posts = useRef(post);
  useLayoutEffect(() => { posts.current = post; });
  const idle = empty || loading || held, attach = up.attach;
  // As it was at the last letter: a letter changes little of it.
  const foot = useMemo(() => (
    <div className={css.foot}>
      {marks.map(([mark, icon, name]) => <Button key={mark} className={css.room} icon={icon} name={say(name)} aria-pressed={on.has(mark)} onMouseDown={stays} onClick={() => box.current?.mark(mark)} />)}
      <Button className={css.room} icon={Link} name={say('link')} aria-expanded={opened === 'link'} onClick={() => open(opened === 'link' ? undefined : 'link')} />
      <span className={join(css.rule, css.room)} />
      <Button icon={Smile} name={say('emoji')} aria-expanded={opened === 'emojis'} onClick={() => open(opened === 'emojis' ? undefined : 'emojis')} />
      {note && <Button className={css.wide} icon={AtSign} name={say('composer.mention')} onClick={() => box.current?.put(/\S$/.test(box.current.before()) ? ' @' : '@')} />}
      <AttachButton onFiles={attach} />
      {!note && <Button className={css.wide} icon={Zap} name={say('canned')} onClick={() => box.current?.put(/\S$/.test(box.current.before()) ? ' /' : '/')} />}
      <div className={css.end}>
        <label className={parts.check}><input type="checkbox" checked={enter} onChange={(e) => enterSends.set(e.target.checked)} />{say('composer.enterSends')}</label>
        <Button look={note ? 'note' : 'go'} disabled={idle} onClick={() => posts.current()}>{say(note ? 'composer.addNote' : 'composer.send')}</Button>
      </div>
    </div>
  ), [attach, box, enter, idle, note, on, opened, say]);
  return (
    <div onDrop={drop} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onPaste={paste} onBlur={(e) => { if (e.target.matches('textarea, [role=textbox]')) suggest.close(); }} data-drop={over || undefined} className={css.writing}>
      {suggest.view}
      {opened === 'link' && <LinkForm onClose={() => { open(undefined); box.current?.focus(); }} onTake={(address) => { open(undefined); box.current?.link(address); }} />}
      {opened === 'emojis' && <Emojis onTake={(e) => { open(undefined); box.current?.put(e); }} />}
      {replyTo && !note && <p className={css.answering}><span>{replyTo.text || nameOfContact(c)}</span><Button tiny icon={X} name={say('composer.noQuote')} onClick={() => onReply(undefined)} /></p>}
      {rich ? <rich.Box {...props} start={rich.start} /> : <TextBox {...props} area={area} />}
      <LoadingFiles of={up.files} onDrop={up.drop} />
      {foot}
    </div>
  );
}

type Rich = ComponentType<BoxProps & { start: Caret }>;

/** The rich box, after the first paint. It takes over between two keys: not while letters are composed or a list is open. */
export function useRichBox(area: RefObject<HTMLTextAreaElement | null>, busy: boolean): { Box: Rich; start: Caret } | undefined {
  const [here, setHere] = useState<Rich>();
  const [taken, take] = useState<{ Box: Rich; start: Caret }>();
  const [composing, compose] = useState(false);
  useEffect(() => {
    const el = area.current;
    if (!el) return undefined;
    const on = () => compose(true), off = () => compose(false);
    el.addEventListener('compositionstart', on);
    el.addEventListener('compositionend', off);
    // Also when it was loaded before: making it costs as much as the rest of the thread, which is painted first.
    const load = () => void import('./RichBox').then((m) => setHere(() => m.default), () => undefined); // the text area goes on working
    if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 500 });
    else setTimeout(load);
    return () => { el.removeEventListener('compositionstart', on); el.removeEventListener('compositionend', off); };
  }, [area]);
  useLayoutEffect(() => {
    if (taken || !here || composing || busy) return;
    const focused = area.current !== null && document.activeElement === area.current;
    take({ Box: here, start: { at: focused ? area.current?.selectionEnd ?? Infinity : Infinity, focused } });
  }, [area, taken, here, composing, busy]);
  return taken;
}
