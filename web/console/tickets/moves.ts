// A card is moved to another column: shown at once; where the desk refuses, it goes back and says why.
import { Refusal, type Ticket } from '@relevo/shared/api/desk';
import { data, desk } from '../shell/desk';
import { complain, toast } from '../shell/toasts';
import { say } from '../shell/words';
import { putTicket, rereadTicket } from './lists';
import { columnKey, moved, none, type By } from './search';

/** Moves a ticket; tells what came of it in a sentence, for who does not see it. */
export async function move(t: Ticket, by: By, to: string, title: (key: string) => string, justification?: string): Promise<string> {
  const from = columnKey(t, by);
  const back = by === 'status' ? t.justification : undefined;
  putTicket(moved(t, by, to), true);
  try {
    const value = by !== 'status' && to === none ? '' : to;
    const now = await data(desk.PATCH('/v1/tickets/{number}', { params: { path: { number: t.number } }, body: { version: t.version, [by]: value, ...(justification ? { justification } : {}) } }));
    putTicket(now, true);
    const text = say('board.moved', { number: t.number, column: title(to) });
    toast(text, { tone: 'done', action: { text: say('undo'), run: () => void move(now, by, from, title, back) } });
    return text;
  } catch (cause) {
    if (cause instanceof Refusal && cause.passing) return unsure(t, by, title);
    putTicket(t, true);
    const faster = cause instanceof Refusal && cause.code === 'conflict';
    const text = say(faster ? 'board.faster' : 'board.back', { number: t.number, column: title(from) });
    if (faster) {
      toast(text, { tone: 'late' });
      await rereadTicket(t.number);
    } else {
      complain(cause, text);
    }
    return text;
  }
}

/** No answer came: the ticket may have been moved all the same. It is read again; while that fails, nothing is claimed. */
async function unsure(t: Ticket, by: By, title: (key: string) => string): Promise<string> {
  const now = await rereadTicket(t.number);
  if (!now) putTicket(t, true);
  const text = now ? say('board.unsure', { number: t.number, column: title(columnKey(now, by)) }) : say('board.unknown', { number: t.number });
  toast(text, { tone: 'late' });
  return text;
}
