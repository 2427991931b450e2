// The open line and the outbox of this page: what the desk tells is put where it is kept, what was said goes out once.
import { Refusal, type Conversation, type Message, type Notification, type Seat } from '@relevo/shared/api/desk';
import type { Frame, Socket } from '@relevo/shared/live/line';
import { newID, outbox as newOutbox, type Outbox } from '@relevo/shared/live/outbox';
import { SharedLine, type Channel } from '@relevo/shared/live/tabs';
import { ticketWatched, watchingLine } from '@relevo/shared/live/watches';
import { fileConversation, findConversation, patchConversation, putConversation, putMessage, reread, rereadListsSoon } from '../conversations/cache';
import { ring } from '../shell/notices';
import { heardTicket, watchedTicket, type TicketNews } from '../tickets/news';
import { cache, countsQuery, data, desk, meQuery, notificationsQuery } from './desk';
import { own } from './own';
import { betweenKeys } from './pace';
import { delivered, gaveUp, givenUp, refusedLater, sendEntry } from './sending';
import { saidIn, setTyping, type Typist } from './typists';
import { lineState, troubled, waiting } from './waiting';

const locked = (name: string, run: () => Promise<void>): Promise<void> => (navigator.locks ? navigator.locks.request(name, run).then(() => undefined) : run());
let box: Outbox | undefined;

/** What the agent said or did and the desk has not taken yet: not before it is known who he is. */
export const outbox = (): Outbox => (box ??= opened(own('outbox')));

function opened(name: string): Outbox {
  const channel = new BroadcastChannel(name);
  const made = newOutbox<Refusal>({
    name,
    async send(e) {
      try {
        delivered(e, await sendEntry(e));
        troubled(e.id);
      } catch (cause) {
        const refused = givenUp(e, cause);
        troubled(e.id, cause instanceof Refusal && cause.status >= 429 ? cause : undefined);
        if (refused) {
          await made.put({ ...e, refused: { code: refused.code, status: refused.status, message: refused.message } });
          void gaveUp(e, refused, isShown(e.lane), made);
        }
        throw cause;
      }
    },
    refused: refusedLater,
    lock: locked,
    changed: () => channel.postMessage('changed'),
    shown: (entries) => waiting.set(entries),
  });
  channel.onmessage = () => void made.reload();
  return made;
}

let shared: SharedLine | undefined;

/** The line of the agent's tabs: not before it is known who he is, for two agents in one browser have a line each. */
export const line = (): SharedLine => (shared ??= sharedLine(own('line')));

const sharedLine = (name: string): SharedLine => new SharedLine({
  name,
  tab: newID(),
  channel: new BroadcastChannel(name) as Channel,
  lock: locked,
  listener: { hear: (f) => betweenKeys(() => hear(f)), caughtUp: () => betweenKeys(caughtUp), state: (s) => lineState.set(s) },
  line: (listener) => watchingLine({
    ...listener,
    async connect() {
      const { ticket } = await data(desk.POST('/v1/live/ticket'));
      return new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live?ticket=${encodeURIComponent(ticket)}`) as Socket;
    },
  }),
});

/** Begins to hear and to send. */
export function startLive(): void {
  line().start();
  void outbox().reload().then(outbox().flush);
  const awake = () => {
    line().nudge();
    void outbox().flush();
  };
  addEventListener('online', awake);
  addEventListener('pageshow', awake);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) awake();
  });
  addEventListener('pagehide', leave);
}

/** The page goes away: what waits for its time is given to the browser to send. If it fails, the next page does it. */
function leave(): void {
  for (const e of outbox().all()) {
    if (!e.refused && e.due > Date.now()) void sendEntry(e, true).then((answer) => { delivered(e, answer); return outbox().remove(e.id); }, () => undefined);
  }
}

/** Conversations that this page shows now. */
const shown = new Set<string>();

export const isShown = (id: string): boolean => shown.has(id);

export function watch(id: string): () => void {
  shown.add(id);
  line().watch(id);
  return () => {
    shown.delete(id);
    line().unwatch(id);
  };
}

/** Hears a ticket that is shown, or with '' all tickets, until what it gives is called. */
export function watchTickets(number: number | ''): () => void {
  const what = number === '' ? 'tickets' : `ticket/${number}`;
  line().watch(what);
  return () => line().unwatch(what);
}

function caughtUp(): void {
  for (const id of shown) void reread(id);
  void cache.invalidateQueries({ predicate: (q) => q.queryKey[0] === 'conversation' && !shown.has(String(q.queryKey[1])), refetchType: 'none' });
  void cache.invalidateQueries({ queryKey: ['ticket'] });
  void cache.invalidateQueries({ queryKey: ['tickets'] });
  void cache.invalidateQueries({ queryKey: ['list'] });
  void cache.invalidateQueries({ queryKey: countsQuery.queryKey });
  void cache.invalidateQueries({ queryKey: notificationsQuery.queryKey });
  void cache.invalidateQueries({ queryKey: meQuery.queryKey });
  void outbox().flush();
}

type News = { message?: Message; conversation?: Conversation; fetch?: string };

function hear(f: Frame): void {
  switch (f.type) {
    case 'message.created':
    case 'message.updated':
    case 'conversation.updated':
      return heardNews(f.conversation ?? '', f.data as News, f.type);
    case 'conversation.left':
      rereadListsSoon();
      if (shown.has(f.conversation ?? '')) void reread(f.conversation ?? '');
      return;
    case 'typing':
      return heardTyping(f.conversation ?? '', f.data as { by: Typist; on: boolean });
    case 'read':
      return patchConversation(f.conversation ?? '', (c) => ({ ...c, ...(f.data as Partial<Conversation>) }));
    case 'notification':
      return heardNotification(f.data as Notification);
    case 'ticket.changed':
      return heardTicket(f.data as TicketNews);
    case ticketWatched: {
      const { number, version } = f.data as Required<TicketNews>;
      return watchedTicket(number, version);
    }
    case 'seat':
      cache.setQueryData(meQuery.queryKey, (me) => me && { ...me, seat: f.data as Seat });
      void cache.invalidateQueries({ queryKey: ['agents'] });
  }
}

function heardNews(id: string, news: News, type: string): void {
  if (news.fetch !== undefined) {
    if (shown.has(id)) void reread(id);
    return rereadListsSoon();
  }
  if (news.message) putMessage(id, news.message);
  const was = findConversation(id);
  const me = cache.getQueryData(meQuery.queryKey)?.agent.id;
  if (news.conversation) {
    putConversation(news.conversation);
    if ((was?.version ?? 0) <= news.conversation.version) fileConversation(news.conversation, me);
  }
  if (type === 'conversation.updated' && shown.has(id)) void reread(id); // what one may do now, the frame cannot say
  const author = type === 'message.created' ? news.message?.author : undefined;
  if (author) setTyping(id, author, false);
  if (author?.id && author.id === me) saidIn.set({ conversation: id });
  if (author?.kind === 'customer' && news.conversation?.assignee === me && !news.conversation?.muted) ring('message');
  if (type !== 'message.updated' || !was) rereadListsSoon();
}

function heardTyping(id: string, told: { by: Typist; on: boolean }): void {
  if (told.by.id && told.by.id === cache.getQueryData(meQuery.queryKey)?.agent.id) return;
  setTyping(id, told.by, told.on);
}

function heardNotification(n: Notification): void {
  cache.setQueryData(notificationsQuery.queryKey, (all) => [n, ...(all ?? []).filter((x) => x.id !== n.id)]);
  ring(n.kind, n);
  rereadListsSoon();
}

/** Moves the desk's mark in a conversation; over HTTP when the line is down. This browser's line is not told of it. */
export function markRead(id: string, upTo: string): void {
  patchConversation(id, (c) => ({ ...c, read_to: upTo, unread: 0 }));
  if (line().send({ type: 'read', conversation: id, up_to: upTo })) return line().tell({ type: 'read', conversation: id, data: { read_to: upTo, unread: 0 } });
  void desk.POST('/v1/conversations/{id}/read', { params: { path: { id } }, body: { up_to: upTo } }).catch((cause: unknown) => {
    if (!(cause instanceof Refusal)) throw cause; // unread again at the next reading, no harm done
  });
}

