import type { Conversation, Message, OpenedConversation } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, CircleAlert, SearchX } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { Composer } from '../composer/Composer';
import { nameOfContact, overlaid } from '../conversations/overlaid';
import { conversationQuery, readOlder } from '../conversations/cache';
import { addressOf, type Place } from '../conversations/place';
import { Blank, Bone, Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useCell } from '../shell/cell';
import { useMe } from '../shell/desk';
import { markRead, watch } from '../shell/live';
import { reasonOf } from '../shell/toasts';
import { typists } from '../shell/typists';
import { useWaiting } from '../shell/waiting';
import { useWords } from '../shell/words';
import { isCustomers, kept, piecesOf, quotedIn, type Piece } from './flow';
import { Head } from './Head';
import { PieceView, type Talk } from './Pieces';
import css from './thread.module.css';
import { Undone } from './Undone';

/** The conversation that is shown. */
export function Thread({ id, place, details, onDetails }: { id: string; place: Place; details: boolean; onDetails(): void }) {
  const say = useWords();
  const go = useNavigate();
  const query = useQuery(conversationQuery(id));
  const waiting = useWaiting(id);
  const [replyTo, setReplyTo] = useState<Message>();
  useEffect(() => watch(id), [id]);
  const conversation = useMemo(() => query.data && overlaid(query.data.conversation, waiting), [query.data, waiting]);
  if (!query.data || !conversation) {
    if (!query.isError) return <Bones />;
    const gone = (query.error as { status?: number }).status === 404;
    return (
      <section className={css.pane}>
        <Blank icon={gone ? SearchX : CircleAlert} title={say(gone ? 'thread.gone' : 'thread.failed')}>
          <p role="alert">{gone ? say('thread.goneWhy') : reasonOf(query.error)}</p>
          {!gone && <Button look="edge" onClick={() => void query.refetch()}>{say('retry')}</Button>}
          <Button look="edge" onClick={() => void go({ to: addressOf({ ...place, id: undefined }) })}>{say('thread.back')}</Button>
        </Blank>
      </section>
    );
  }
  return (
    <section className={css.pane} aria-labelledby="thread-title">
      <Head of={conversation} place={place} details={details} onDetails={onDetails} />
      <Undone conversation={id} />
      <Flow key={id} opened={{ ...query.data, conversation }} onReply={setReplyTo}>
        {(latest) => (
          <div className={css.foot}>
            {latest}
            <Composer key={id} conversation={conversation} messages={query.data.messages} more={query.data.more} replyTo={replyTo} onReply={setReplyTo} />
          </div>
        )}
      </Flow>
    </section>
  );
}

type Opened = OpenedConversation;

const nearTop = 600; // pixels from the top at which older ones are read
const estimate = 64;

function Flow({ opened, onReply, children }: { opened: Opened; onReply(m: Message): void; children(latest: React.ReactNode): React.ReactNode }) {
  const say = useWords();
  const { conversation: c, messages, more } = opened;
  const box = useRef<HTMLDivElement>(null);
  const [freshAfter] = useState(() => (c.unread > 0 ? lastAttended(c.read_to, messages) : undefined));
  const waiting = useWaiting(c.id);
  const drawn = useRef<Piece[]>([]);
  const pieces = useMemo(() => (drawn.current = kept(drawn.current, piecesOf(messages, waiting, freshAfter))), [messages, waiting, freshAfter]);
  const linked = location.hash.slice(1) || undefined;
  const talk = useTalk(c, messages, onReply, linked);
  const stay = useStayInPlace(box, messages[0]?.id);
  const virtual = useVirtualizer({
    count: pieces.length, getScrollElement: () => box.current, estimateSize: () => estimate, overscan: 3, getItemKey: (i) => pieces[i]?.key ?? i,
    anchorTo: 'end', followOnAppend: true, paddingStart: 8, paddingEnd: 8, useAnimationFrameWithResizeObserver: false,
  });
  stay(virtual, () => onScroll());
  useLayoutEffect(() => {
    const at = linked ? pieces.findIndex((p) => p.key === linked || ('messages' in p && p.messages.some((m) => m.id === linked))) : -1;
    if (at >= 0) virtual.scrollToIndex(at, { align: 'center' });
    else virtual.scrollToEnd();
  }, []); // once: the thread is opened at its end, or at the message of the link
  useMeasuredEnd(box, pieces, virtual);
  const older = useOlder(c.id, more);
  const [atEnd, setAtEnd] = useState(true);
  useStayAtEnd(box, atEnd, () => virtual.scrollToEnd());
  const onScroll = () => {
    const el = box.current;
    if (!el) return;
    setAtEnd(el.scrollHeight - el.scrollTop - el.clientHeight < 120);
    if (el.scrollTop < nearTop) older.read();
  };
  const unseen = useUnseen(messages, atEnd);
  useRead(c.id, c.read_to, messages, atEnd);
  const latest = !atEnd && (
    <Button look="edge" icon={ArrowDown} className={join(css.latest, parts.float)} onClick={() => virtual.scrollToEnd({ behavior: 'smooth' })}>
      {unseen > 0 ? say('thread.fresh', { count: unseen }) : say('thread.latest')}
    </Button>
  );
  return (
    <>
      <div className={css.flow} ref={box} role="log" aria-label={say('messages')} tabIndex={0} onScroll={onScroll}>
        {older.failed
          ? <p className={join(parts.banner, parts.bannerLate)} role="status"><Icon of={CircleAlert} size="m" />{say('thread.olderFailed')} <button type="button" className={parts.lateButton} onClick={older.retry}>{say('retry')}</button></p>
          : !more && c.created_at && <p className={css.status}>{say('thread.begin', { number: c.number })}</p>}
        <div className={css.list} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <div key={item.key} className={css.piece} data-index={item.index} ref={virtual.measureElement} style={{ translate: `0 ${item.start}px` }}>
              <PieceView of={pieces[item.index] as (typeof pieces)[number]} talk={talk} />
            </div>
          ))}
        </div>
      </div>
      <Typing id={c.id} name={nameOfContact(c)} />
      {children(latest)}
    </>
  );
}

function useTalk(c: Conversation, messages: readonly Message[], reply: (m: Message) => void, linked: string | undefined): Talk {
  const before = useRef<ReadonlyMap<string, Message>>(new Map());
  const quoted = useMemo(() => (before.current = quotedIn(messages, before.current)), [messages]);
  const name = nameOfContact(c), { channel, customer_read: readTo = '' } = c, mayReply = c.allowed?.includes('reply') ?? false;
  return useMemo(() => ({ name, channel, readTo, mayReply, reply, linked, quoted }), [name, channel, readTo, mayReply, reply, linked, quoted]);
}

interface Measured {
  measurementsCache: readonly { key: unknown; start: number; end: number }[];
}

/** What one looks at stays where it is when older messages come before it: the pieces that are seen are found again by their keys. */
function useStayInPlace(box: RefObject<HTMLDivElement | null>, first: string | undefined) {
  const drawn = useRef<Measured>(undefined);
  const before = useRef(first);
  const el = box.current;
  const seen = el && before.current !== first ? drawn.current?.measurementsCache.filter((p) => p.end > el.scrollTop).slice(0, 40).map((p) => ({ key: p.key, gap: p.start - el.scrollTop })) : undefined;
  return (virtual: Measured, settled: () => void) => {
    useLayoutEffect(() => {
      drawn.current = virtual;
      if (before.current === first) return;
      before.current = first;
      for (const { key, gap } of seen ?? []) {
        const now = virtual.measurementsCache.find((p) => p.key === key);
        if (!now || !box.current) continue;
        box.current.scrollTop = now.start - gap;
        break;
      }
      requestAnimationFrame(settled); // what came may be less than what is wanted
    });
  };
}

/** The last piece is measured as soon as it grew. Told by the browser, it would be scrolled to a frame later: of two frames for a
 *  message one is saved. */
function useMeasuredEnd(box: RefObject<HTMLDivElement | null>, pieces: readonly Piece[], virtual: { resizeItem(index: number, size: number): void }): void {
  useLayoutEffect(() => {
    const last = pieces.length - 1;
    const el = box.current?.querySelector<HTMLElement>(`[data-index="${last}"]`);
    if (el) virtual.resizeItem(last, el.offsetHeight);
  }, [box, pieces, virtual]);
}

/** One who reads the end goes on reading it when the pane becomes lower: a window that shrinks, a composer that grows. */
function useStayAtEnd(box: RefObject<HTMLDivElement | null>, atEnd: boolean, toEnd: () => void): void {
  const now = useRef({ atEnd, toEnd });
  now.current = { atEnd, toEnd };
  useEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    let high = el.clientHeight;
    const watcher = new ResizeObserver(() => {
      const lower = el.clientHeight !== high;
      high = el.clientHeight;
      if (lower && now.current.atEnd) now.current.toEnd();
    });
    watcher.observe(el);
    return () => watcher.disconnect();
  }, [box]);
}

/** What was read, or answered: only what came after is new. */
function lastAttended(readTo: string | undefined, messages: readonly Message[]): string {
  const answered = messages.findLast((m) => m.kind === 'message' && m.author.kind === 'user')?.id ?? '';
  return answered > (readTo ?? '') ? answered : readTo ?? '';
}

function useOlder(id: string, more: boolean) {
  const [failed, fail] = useState(false);
  const busy = useRef(false);
  const read = useCallback(() => {
    if (!more || busy.current) return;
    busy.current = true;
    readOlder(id).then(() => fail(false), () => fail(true)).finally(() => {
      busy.current = false;
    });
  }, [id, more]);
  return { read: () => !failed && read(), failed, retry: read };
}

/** How many of the customer's messages came while one read further up. */
function useUnseen(messages: readonly Message[], atEnd: boolean): number {
  const seen = useRef('');
  const last = messages[messages.length - 1]?.id ?? '';
  if (atEnd) seen.current = last;
  return messages.filter((m) => m.id > seen.current && isCustomers(m)).length;
}

/** Tells the desk what was read: the page is looked at, and shows its end. */
function useRead(id: string, readTo: string | undefined, messages: readonly Message[], atEnd: boolean): void {
  const viewer = useMe().agent.role === 'viewer';
  const last = messages.findLast(isCustomers)?.id;
  useEffect(() => {
    const tell = () => {
      if (!viewer && atEnd && !document.hidden && last && last > (readTo ?? '')) markRead(id, last);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [id, readTo, last, atEnd, viewer]);
}

function Typing({ id, name }: { id: string; name: string }) {
  const say = useWords();
  const all = useCell(typists).get(id);
  return (
    <p className={css.typing} role="status">
      {all && <><span className={css.dots} aria-hidden="true"><i /><i /><i /></span>{all.map((by) => (by.kind === 'customer' ? say('thread.typing', { who: name }) : say('thread.replying', { who: by.name ?? '' }))).join(' · ')}</>}
    </p>
  );
}

function Bones() {
  const say = useWords();
  return (
    <section className={css.pane}>
      <div className={css.head}><Bone wide={140} high={12} /></div>
      <div className={css.flow} aria-hidden="true" style={{ padding: 16 }}>
        {[72, 48, 64, 56].map((wide, i) => (
          <div key={wide} className={join(css.turn, i % 2 === 1 && css.ours)}><span className={css.side}><Bone wide={24} high={24} /></span><Bone wide={`${wide}%`} high={36} /></div>
        ))}
      </div>
      <p className={parts.onlyRead} role="status">{say('thread.loading')}</p>
    </section>
  );
}
