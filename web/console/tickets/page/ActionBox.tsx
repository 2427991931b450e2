// Where an action is written: public or internal, never public on an internal ticket (B88, B89, B112).
import { Refusal, type Ticket } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { Bold, Code, Globe, Italic, Link, List, ListOrdered, Lock, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { AttachButton, LoadingFiles } from '../../composer/Attach';
import type { Box, BoxProps, Mark } from '../../composer/box';
import look from '../../composer/composer.module.css';
import { draftOf, keepDraft } from '../../composer/drafts';
import { LinkForm } from '../../composer/LinkForm';
import { TextBox } from '../../composer/TextBox';
import { useUploads } from '../../composer/uploads';
import { useRichBox } from '../../composer/Writing';
import { Button, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { data, desk } from '../../shell/desk';
import { onKey } from '../../shell/keys';
import { complain } from '../../shell/toasts';
import { useWords, type Key } from '../../shell/words';
import css from './proceedings.module.css';
import { rereadOpened } from './opened';

const marks: [Mark, LucideIcon, Key][] = [['bold', Bold, 'bold'], ['italic', Italic, 'italic'], ['list', List, 'list'], ['numbers', ListOrdered, 'list.numbered'], ['code', Code, 'code']];

/** What is said, with its marks: the box of the composer. */
export function MarkedBox({ text, onText, onSend, onLeave, box, label, placeholder, children }: {
  text: string; onText(text: string): void; onSend(): void; onLeave(): void; box: React.RefObject<Box | null>; label: string; placeholder: string; children: React.ReactNode;
}) {
  const say = useWords();
  const [on, setOn] = useState<ReadonlySet<Mark>>(new Set());
  const [linking, link] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const rich = useRichBox(area, false);
  const keys = (e: KeyboardEvent): boolean => {
    if (e.isComposing) return false;
    if (e.key === 'Escape') onLeave();
    else if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) onSend();
    else return false;
    return true;
  };
  const props: BoxProps = { box, text, onText, onKey: keys, onMarks: setOn, label, placeholder };
  return (
    <>
      {linking && <LinkForm onClose={() => { link(false); box.current?.focus(); }} onTake={(address) => { link(false); box.current?.link(address); }} />}
      {rich ? <rich.Box {...props} start={rich.start} /> : <TextBox {...props} area={area} />}
      <div className={look.foot}>
        {marks.map(([mark, icon, name]) => <Button key={mark} className={css.mark} icon={icon} name={say(name)} aria-pressed={on.has(mark)} onClick={() => box.current?.mark(mark)} />)}
        <Button className={css.mark} icon={Link} name={say('link')} aria-expanded={linking} onClick={() => link(!linking)} />
        {children}
      </div>
    </>
  );
}

/** Under which name the draft of a ticket's next action is kept. */
export const draftName = (number: number): string => `ticket.${number}`;

export function ActionBox({ of: t }: { of: Ticket }) {
  const say = useWords();
  const internalOnly = t.type === 'internal';
  const [wanted, want] = useState(true);
  const open = wanted && !internalOnly;
  const [text, setText] = useState(() => draftOf(draftName(t.number), 'message'));
  const [id, setID] = useState(newID);
  const [sending, setSending] = useState(false);
  const [over, setOver] = useState(false);
  const up = useUploads(draftName(t.number));
  const box = useRef<Box>(null);
  const write = (to: boolean) => () => { want(to); requestAnimationFrame(() => box.current?.focus()); };
  useEffect(() => onKey('r', write(true)), []);
  useEffect(() => onKey('n', write(false)), []);
  const type = (typed: string) => { setText(typed); keepDraft(draftName(t.number), 'message', typed); };
  const empty = !text.trim();
  const loading = up.unready;
  const add = async () => {
    if (empty || loading || sending) return;
    setSending(true); // until it is told, the box is inert: what was added meanwhile would be cleared with the rest
    const html = box.current?.html();
    try {
      await data(desk.POST('/v1/tickets/{number}/actions', { params: { path: { number: t.number } }, body: {
        client_id: id, public: open, ...(html ? { html } : { text: text.trim() }), ...(up.files.length > 0 ? { attachments: up.files.map((f) => ({ key: f.key ?? '', name: f.name })) } : {}),
      } }));
      box.current?.clear();
      type('');
      up.clear();
      setID(newID());
      await rereadOpened(t.number);
    } catch (cause) {
      complain(cause); // what was written stays, and the same id goes with it
      if (cause instanceof Refusal && cause.code === 'conflict') await rereadOpened(t.number);
    } finally {
      setSending(false);
      requestAnimationFrame(() => box.current?.focus());
    }
  };
  const paste = (e: ClipboardEvent) => { if (e.clipboardData.files.length > 0) { e.preventDefault(); up.attach(e.clipboardData.files); } };
  const drop = (e: DragEvent) => { e.preventDefault(); setOver(false); up.attach(e.dataTransfer.files); };
  return (
    <section className={join(look.box, css.box, !open && look.note)} aria-label={say('ticketPage.newAction')} data-drop={over || undefined} inert={sending}
      onPaste={paste} onDrop={drop} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}>
      <div className={css.boxHead}>
        <div className={parts.segments} role="group" aria-label={say('ticketPage.whoSees')}>
          {!internalOnly && <button type="button" className={parts.segment} aria-pressed={open} onClick={write(true)}><Icon of={Globe} size="s" /> {say('ticket.public')}</button>}
          <button type="button" className={parts.segment} aria-pressed={!open} onClick={write(false)}><Icon of={Lock} size="s" /> {say('ticket.internal')}</button>
        </div>
        <span className={css.hint} role="presentation">{open ? say(t.cc?.length ? 'ticketPage.reaches' : 'ticketPage.reachesAlone', { name: t.requester_name, count: t.cc?.length ?? 0 }) : say('composer.teamOnly')}</span>
      </div>
      <MarkedBox box={box} text={text} onText={type} onSend={() => void add()} onLeave={() => box.current?.blur()} label={say('ticketPage.newAction')} placeholder={say('ticketPage.write')}>
        <AttachButton onFiles={up.attach} />
        <div className={look.end}><Button look={open ? 'go' : 'note'} disabled={empty || loading || sending} onClick={() => void add()}>{say('ticket.addAction')}</Button></div>
      </MarkedBox>
      <LoadingFiles of={up.files} onDrop={up.drop} />
    </section>
  );
}
