// Where an agent writes: a reply or a private note.
import type { Agent, Canned, Conversation, Message } from '@relevo/shared/api/desk';
import { AtSign, Bold, Code, FileText, Italic, Link, List, Lock, Paperclip, Smile, X, Zap } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ChangeEvent, type ClipboardEvent, type DragEvent, type KeyboardEvent } from 'react';
import { assign, write } from '../conversations/acts';
import { nameOfContact } from '../conversations/overlaid';
import { plain } from '../parts/Choices';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { size } from '../parts/time';
import { useCell } from '../shell/cell';
import { alive, nameOf, useAgents, useCanned, useInboxes, useMe } from '../shell/desk';
import { onKey } from '../shell/keys';
import { line } from '../shell/live';
import { enterSends } from '../shell/preferences';
import { useWords } from '../shell/words';
import css from './composer.module.css';
import { draftOf, keepDraft, type Kind } from './drafts';
import { htmlOf, itemize, wrap, type Edit } from './marks';
import { fill, filled, mentionsIn, typedAt } from './suggest';
import { CannedList, Emojis, MentionList } from './Suggestions';
import { Templates } from './Templates';
import { useUploads, type Loading } from './uploads';

interface Props {
  conversation: Conversation;
  messages: readonly Message[];
  more: boolean;
  replyTo?: Message;
  onReply(m: Message | undefined): void;
}

const day = 24 * 3_600_000;

/** WhatsApp takes free text within a day of the customer's last message. */
function windowOver({ conversation, messages, more }: Props): boolean {
  if (conversation.channel !== 'whatsapp') return false;
  const last = messages.findLast((m) => m.kind === 'message' && m.author.kind === 'customer');
  return last ? Date.now() - Date.parse(last.at) > day : !more;
}

export function Composer(props: Props) {
  const { conversation: c, onReply } = props;
  const say = useWords();
  const me = useMe().agent;
  const mayReply = c.allowed?.includes('reply') ?? false, mayNote = c.allowed?.includes('note') ?? false;
  const [wanted, setKind] = useState<Kind>('message');
  const kind: Kind = (wanted === 'message' && mayReply) || !mayNote ? 'message' : 'note';
  const [take, setTake] = useState(true);
  const box = useRef<HTMLTextAreaElement>(null);
  const focus = () => requestAnimationFrame(() => box.current?.focus());
  useEffect(() => onKey('r', () => { if (mayReply) { setKind('message'); focus(); } }), [mayReply]);
  useEffect(() => onKey('n', () => { if (mayNote) { setKind('note'); focus(); } }), [mayNote]);
  useEffect(() => { if (props.replyTo) { setKind('message'); focus(); } }, [props.replyTo]);
  const inboxes = useInboxes();
  if (!mayReply && !mayNote) return c.allowed ? <p className={css.closed}><span className={parts.help}>{say(me.role === 'viewer' ? 'composer.viewer' : 'composer.notYours')}</span></p> : null;
  const note = kind === 'note';
  const unowned = !c.assignee && mayReply && c.allowed?.includes('assign');
  const choose = (k: Kind) => () => { setKind(k); focus(); };
  return (
    <section className={join(css.box, note && css.note)} aria-label={say('composer')}>
      <div className={css.head} role="tablist" aria-label={say('composer.kind')}>
        {mayReply && <button type="button" className={css.tab} role="tab" aria-selected={!note} onClick={choose('message')}>{say('reply')}</button>}
        {mayNote && <button type="button" className={css.tab} role="tab" aria-selected={note} onClick={choose('note')}><Icon of={Lock} size="m" />{say('note.private')}</button>}
        {unowned && !note
          ? <label className={join(parts.check, css.take)}><input type="checkbox" checked={take} onChange={(e) => setTake(e.target.checked)} />{say('composer.take')}</label>
          : <span className={css.hint} role="presentation">{note ? say('composer.teamOnly') : say('composer.reaches', { inbox: nameOf(inboxes, c.inbox) })}</span>}
      </div>
      {!note && windowOver(props) ? <Templates conversation={c} />
        : <Writing key={kind} {...props} kind={kind} box={box} onSent={() => { onReply(undefined); if (unowned && take && !note) void assign(c.id, me); }} />}
    </section>
  );
}

function Writing({ conversation: c, kind, replyTo, onReply, box, onSent }: Props & { kind: Kind; box: React.RefObject<HTMLTextAreaElement | null>; onSent(): void }) {
  const say = useWords();
  const me = useMe().agent;
  const agents = alive(useAgents());
  const note = kind === 'note';
  const [text, setText] = useState(() => draftOf(c.id, kind));
  const [emojis, showEmojis] = useState(false);
  const enter = useCell(enterSends);
  const up = useUploads();
  const typing = useTyping(c.id, !note);
  const names = { contact: c.contact.name || '', agent: me.name };
  const set = (edit: Edit) => {
    setText(edit.text);
    keepDraft(c.id, kind, edit.text);
    requestAnimationFrame(() => { box.current?.focus(); box.current?.setSelectionRange(edit.from, edit.to); });
  };
  const suggest = useSuggestions({ note, text, box, names, set });
  const now = (): Edit => ({ text, from: box.current?.selectionStart ?? text.length, to: box.current?.selectionEnd ?? text.length });
  const put = (s: string) => { const { from, to } = now(); set({ text: text.slice(0, from) + s + text.slice(to), from: from + s.length, to: from + s.length }); };
  const loading = up.files.some((f) => !f.key);
  const empty = !text.trim() && up.files.length === 0;
  const post = () => {
    if (empty || loading) return;
    const typed = text.trim();
    const html = htmlOf(typed);
    const mentions = note ? mentionsIn(typed, agents) : [];
    void write(c.id, {
      kind, ...(html ? { html } : typed ? { text: typed } : {}),
      ...(up.files.length > 0 ? { attachments: up.files.map((f) => ({ key: f.key ?? '', name: f.name })) } : {}),
      ...(replyTo && !note ? { reply_to: replyTo.id } : {}), ...(mentions.length > 0 ? { mentions } : {}),
    }, { text: typed, files: up.files.map((f) => f.name) });
    set({ text: '', from: 0, to: 0 });
    up.clear();
    typing(false);
    onSent();
  };
  const keys = (e: KeyboardEvent) => {
    if (suggest.key(e)) return;
    if (e.key === 'Escape') return emojis ? showEmojis(false) : box.current?.blur();
    const mark = (e.ctrlKey || e.metaKey) && { b: '**', i: '_' }[e.key];
    if (mark) { e.preventDefault(); return set(wrap(now(), mark)); }
    const sends = e.key === 'Enter' && !e.nativeEvent.isComposing && (enter ? !e.shiftKey : e.ctrlKey || e.metaKey);
    if (sends) { e.preventDefault(); post(); }
  };
  const change = (e: ChangeEvent<HTMLTextAreaElement>) => {
    setText(e.target.value);
    keepDraft(c.id, kind, e.target.value);
    suggest.reset(e.target.value, e.target.selectionStart);
    typing(e.target.value !== '');
  };
  const paste = (e: ClipboardEvent) => { if (e.clipboardData.files.length > 0) { e.preventDefault(); up.attach(e.clipboardData.files); } };
  const drop = (e: DragEvent) => { e.preventDefault(); up.attach(e.dataTransfer.files); };
  return (
    <div onDrop={drop} onDragOver={(e) => e.preventDefault()} onPaste={paste}>
      {suggest.view}
      {replyTo && !note && <p className={css.answering}><span>{replyTo.text || nameOfContact(c)}</span><Button tiny icon={X} name={say('composer.noQuote')} onClick={() => onReply(undefined)} /></p>}
      <textarea ref={box} className={css.text} rows={2} value={text} onChange={change} onKeyDown={keys} aria-label={say(note ? 'note.private' : 'reply')}
        placeholder={say(note ? 'composer.writeNote' : 'composer.write')} aria-controls={suggest.view ? suggest.id : undefined} aria-autocomplete="list" aria-activedescendant={suggest.active} />
      {up.files.length > 0 && <div className={css.files}>{up.files.map((f) => <LoadingFile key={f.id} of={f} onDrop={() => { f.stop(); up.drop(f.id); }} />)}</div>}
      <div className={css.foot}>
        <Button className={css.room} icon={Bold} name={say('bold')} onClick={() => set(wrap(now(), '**'))} />
        <Button className={css.room} icon={Italic} name={say('italic')} onClick={() => set(wrap(now(), '_'))} />
        <Button className={css.room} icon={List} name={say('list')} onClick={() => set(itemize(now()))} />
        <Button className={css.room} icon={Link} name={say('link')} onClick={() => { const { from, to } = now(); const inside = text.slice(from, to) || say('link').toLowerCase(); set({ text: `${text.slice(0, from)}[${inside}](https://)${text.slice(to)}`, from: from + inside.length + 11, to: from + inside.length + 11 }); }} />
        <Button className={css.room} icon={Code} name={say('code')} onClick={() => set(wrap(now(), '`'))} />
        <span className={join(css.rule, css.room)} />
        {!note && <Button icon={Smile} name={say('emoji')} aria-expanded={emojis} onClick={() => showEmojis(!emojis)} />}
        {note && <Button icon={AtSign} name={say('composer.mention')} onClick={() => { put('@'); requestAnimationFrame(() => suggest.reset(`${text}@`, text.length + 1)); }} />}
        <AttachButton onFiles={up.attach} />
        {!note && <Button className={css.wide} icon={Zap} name={say('canned')} onClick={() => { const s = text && !/\s$/.test(text) ? ' /' : '/'; put(s); requestAnimationFrame(() => suggest.reset(`${text}${s}`, text.length + s.length)); }} />}
        {emojis && <Emojis onTake={(e) => { showEmojis(false); put(e); }} />}
        <div className={css.end}>
          <label className={parts.check}><input type="checkbox" checked={enter} onChange={(e) => enterSends.set(e.target.checked)} />{say('composer.enterSends')}</label>
          <Button look={note ? 'note' : 'go'} disabled={empty || loading} onClick={post}>{say(note ? 'composer.addNote' : 'composer.send')}</Button>
        </div>
      </div>
    </div>
  );
}

function AttachButton({ onFiles }: { onFiles(files: File[]): void }) {
  const say = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={Paperclip} name={say('attach')} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple hidden aria-label={say('attach')} onChange={(e) => { onFiles([...(e.target.files ?? [])]); e.target.value = ''; }} />
    </>
  );
}

function LoadingFile({ of: f, onDrop }: { of: Loading; onDrop(): void }) {
  const say = useWords();
  return (
    <div className={css.file}>
      <Icon of={FileText} /><span><b>{f.name}</b><small>{f.key ? size(f.size) : say('file.of', { done: size(f.size * f.share), all: size(f.size) })}</small></span>
      <Button tiny icon={X} name={say('file.cancel', { name: f.name })} onClick={onDrop} />
      {!f.key && <progress value={f.share} max={1} aria-label={say('file.progress', { name: f.name })} />}
    </div>
  );
}

const tellEvery = 3000;

/** Tells the customer and colleagues that one types, and once that one stopped. */
function useTyping(id: string, wanted: boolean): (on: boolean) => void {
  const told = useRef(0);
  const tell = (on: boolean) => {
    if (!wanted || (on ? Date.now() - told.current < tellEvery : told.current === 0)) return;
    told.current = on ? Date.now() : 0;
    line.send({ type: 'typing', conversation: id, on });
  };
  const last = useRef(tell);
  last.current = tell;
  useEffect(() => () => last.current(false), []);
  return tell;
}

interface Suggesting {
  note: boolean;
  text: string;
  box: React.RefObject<HTMLTextAreaElement | null>;
  names: { contact: string; agent: string };
  set(edit: Edit): void;
}

/** Canned replies after "/", colleagues after "@" in a note. */
function useSuggestions({ note, text, box, names, set }: Suggesting) {
  const id = useId();
  const canned = useCanned();
  const agents = alive(useAgents());
  const [typed, setTyped] = useState<ReturnType<typeof typedAt>>();
  const [at, setAt] = useState(0);
  const word = plain(typed?.word ?? '');
  const replies = typed?.sign === '/' ? canned.filter((c) => plain(c.short).startsWith(word)) : [];
  const people = typed?.sign === '@' ? agents.filter((a) => plain(a.name).split(' ').some((w) => w.startsWith(word)) || a.id.startsWith(word)) : [];
  const count = replies.length + people.length;
  const close = () => setTyped(undefined);
  const take = (put: string) => {
    if (!typed) return;
    const done = fill(text, typed, put);
    set({ text: done.text, from: done.caret, to: done.caret });
    close();
  };
  const takeCanned = (c: Canned) => take(filled(c.text, names));
  const takeAgent = (a: Agent) => take(`@${a.name} `);
  const key = (e: KeyboardEvent): boolean => {
    if (!typed || count === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) setAt((at + step + count) % count);
    else if (e.key === 'Enter' || e.key === 'Tab') {
      const reply = replies[at], agent = people[at];
      if (reply) takeCanned(reply);
      else if (agent) takeAgent(agent);
    } else if (e.key === 'Escape') close();
    else return false;
    e.preventDefault();
    e.stopPropagation();
    return true;
  };
  const reset = (value: string, caret: number) => { setAt(0); setTyped(typedAt(value, caret, note ? '@' : '/')); };
  useEffect(() => {
    const el = box.current;
    el?.addEventListener('blur', close);
    return () => el?.removeEventListener('blur', close);
  }, [box]);
  const view = typed && count > 0 && (typed.sign === '/'
    ? <CannedList of={replies} at={at} word={typed.word} names={names} onTake={takeCanned} id={id} />
    : <MentionList of={people} at={at} onTake={takeAgent} id={id} />);
  return { view, key, reset, id, active: view ? `${id}-${at}` : undefined };
}
