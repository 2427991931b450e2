// When the desk refuses because someone was faster: the page corrects itself and says who.
import { Refusal, type Message } from '@relevo/shared/api/desk';
import { agentsQuery, cache, departmentsQuery, labelsQuery, meQuery, nameOf } from '../shell/desk';
import { complain, toast } from '../shell/toasts';
import { say } from '../shell/words';
import { conversationQuery, reread, rereadListsSoon } from './cache';

const lately = 15 * 60_000;

/** Reads the conversation again after a refusal, and tells of it. */
export async function corrected(id: string, cause: unknown, what?: string): Promise<void> {
  rereadListsSoon();
  await reread(id);
  const done = cause instanceof Refusal && cause.code === 'conflict' ? othersLastAct(id) : undefined;
  if (!done) return complain(cause, what);
  const { tell } = await import('../thread/activity');
  const of = (nouns: { id: string; name: string }[] | undefined, noun: string | undefined) => nameOf(nouns ?? [], noun);
  const names = {
    agent: (agent: string | undefined) => of(cache.getQueryData(agentsQuery.queryKey), agent),
    department: (department: string | undefined) => of(cache.getQueryData(departmentsQuery.queryKey), department),
    label: (label: string) => of(cache.getQueryData(labelsQuery.queryKey), label),
  };
  toast(say('refused.faster', { what: tell(done, names) }), { tone: 'late' });
}

/** What a colleague did to it last, a moment ago. */
function othersLastAct(id: string): Message | undefined {
  const me = cache.getQueryData(meQuery.queryKey)?.agent.id;
  const last = cache.getQueryData(conversationQuery(id).queryKey)?.messages.findLast((m) => m.kind === 'activity' && m.author.kind === 'user');
  return last && last.author.id !== me && Date.now() - Date.parse(last.at) < lately ? last : undefined;
}
