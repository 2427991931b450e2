// What stands in a thread, in the order in which it is drawn: messages of one author within five minutes are one turn,
// activity is one quiet line, a run of it is folded, and what the customer never sees stands by itself.
import type { Actor, Message } from '@relevo/shared/api/desk';
import type { Entry } from '@relevo/shared/live/outbox';
import { sameDay } from '../parts/day';

export type Side = 'theirs' | 'ours' | 'auto';
export type Piece =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'fresh'; key: string; count: number }
  | { kind: 'turn'; key: string; side: Side; author: Actor; messages: Message[] }
  | { kind: 'act'; key: string; message: Message }
  | { kind: 'fold'; key: string; messages: Message[] }
  | { kind: 'inner'; key: string; message: Message }
  | { kind: 'waiting'; key: string; entry: Entry };

const together = 5 * 60_000;
const folds = 3; // so many lines of activity in a row are folded

/** Draws up the pieces. freshAfter: the last message that was read when the thread was opened; "" for all, undefined for no line. */
export function piecesOf(messages: readonly Message[], waiting: readonly Entry[], freshAfter: string | undefined): Piece[] {
  const pieces: Piece[] = [];
  let before: Message | undefined;
  let freshShown = freshAfter === undefined;
  for (const m of messages) {
    if (m.event === 'conversation.created') continue; // where a thread begins it says so itself
    if (!before || !sameDay(before.at, m.at)) pieces.push({ kind: 'day', key: `day ${m.id}`, at: m.at });
    if (!freshShown && m.id > (freshAfter ?? '') && isCustomers(m)) {
      freshShown = true;
      pieces.push({ kind: 'fresh', key: 'fresh', count: messages.filter((x) => x.id >= m.id && isCustomers(x)).length });
    }
    add(pieces, m);
    before = m;
  }
  const stored = new Set(messages.map((m) => m.client_id));
  for (const entry of waiting) if (entry.kind === 'message' && !stored.has(entry.id)) pieces.push({ kind: 'waiting', key: entry.id, entry });
  return pieces.map(folded);
}

/** The pieces, those that are as they were being the same: only what changed is drawn anew. */
export function kept(before: readonly Piece[], now: Piece[]): Piece[] {
  const was = new Map(before.map((p) => [p.key, p]));
  return now.map((p) => {
    const old = was.get(p.key);
    return old && same(old, p) ? old : p;
  });
}

/** The messages that others answer; what was given before, if they are the same. */
export function quotedIn(messages: readonly Message[], before: ReadonlyMap<string, Message>): ReadonlyMap<string, Message> {
  const wanted = new Set(messages.map((m) => m.reply_to));
  const now = new Map(messages.filter((m) => wanted.has(m.id)).map((m) => [m.id, m]));
  return now.size === before.size && [...now].every(([id, m]) => before.get(id) === m) ? before : now;
}

function same(a: Piece, b: Piece): boolean {
  if (a.kind !== b.kind) return false;
  if ('messages' in a && 'messages' in b) return a.messages.length === b.messages.length && a.messages.every((m, i) => m === b.messages[i]);
  if ('message' in a && 'message' in b) return a.message === b.message;
  if ('entry' in a && 'entry' in b) return a.entry === b.entry;
  return 'count' in a && 'count' in b ? a.count === b.count : true;
}

export const isCustomers = (m: Message): boolean => m.kind === 'message' && m.author.kind === 'customer';

export const isTransfer = (m: Message): boolean => m.event === 'conversation.transferred';

export function sideOf(m: Message): Side {
  if (m.author.kind === 'customer') return 'theirs';
  return m.automatic ? 'auto' : 'ours';
}

function add(pieces: Piece[], m: Message): void {
  const last = pieces[pieces.length - 1];
  if (m.kind === 'note' || isTransfer(m)) {
    pieces.push({ kind: 'inner', key: m.id, message: m });
  } else if (m.kind === 'activity') {
    if (last?.kind === 'fold') last.messages.push(m);
    else pieces.push({ kind: 'fold', key: m.id, messages: [m] });
  } else if (last?.kind === 'turn' && joins(last, m)) {
    last.messages.push(m);
  } else {
    pieces.push({ kind: 'turn', key: m.id, side: sideOf(m), author: m.author, messages: [m] });
  }
}

function joins(turn: Extract<Piece, { kind: 'turn' }>, m: Message): boolean {
  const last = turn.messages[turn.messages.length - 1];
  return last !== undefined && !cuts(m) && turn.side === sideOf(m) && turn.author.kind === m.author.kind && turn.author.id === m.author.id
    && Date.parse(m.at) - Date.parse(last.at) < together;
}

/** A turn is drawn whole, so a long one is cut: at every sixteenth message or so, at the same ones whatever else is read. */
const cuts = (m: Message): boolean => m.id.charCodeAt(m.id.length - 1) % 16 === 0;

/** A short run is a line each; only a long one is folded. */
function folded(piece: Piece): Piece {
  if (piece.kind !== 'fold' || piece.messages.length >= folds) return piece;
  const first = piece.messages[0] as Message;
  return piece.messages.length === 1 ? { kind: 'act', key: piece.key, message: first } : piece;
}
