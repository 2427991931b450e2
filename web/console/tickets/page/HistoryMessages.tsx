// A conversation's part that belongs to a ticket: read from the thread itself, so that what is deleted there is gone here (B61).
// Its notes are internal (B30): they stand apart, not among public actions, and alone among internal ones (B109).
import { Refusal, type Message } from '@relevo/shared/api/desk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useEffect } from 'react';
import { addressOf } from '../../conversations/place';
import { Author, Bone, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { full, moment } from '../../parts/time';
import { data, desk } from '../../shell/desk';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { whoOf } from '../../thread/activity';
import { Files } from '../../thread/Files';
import { PlainText, RichText } from '../../thread/RichText';
import { after } from './after';
import type { TicketAction } from './opened';
import css from './proceedings.module.css';

const page = 30;

interface Part { conversation: string; from: string; to: string }

/** Messages and notes from and to which a part goes, both included. */
function usePart({ conversation, from, to }: Part) {
  const query = useInfiniteQuery({
    queryKey: ['conversation', conversation, 'part', from, to], staleTime: 0, retry: false, initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => data(desk.GET('/v1/conversations/{id}/messages', { signal, params: { path: { id: conversation }, query: { before: pageParam ?? after(to), limit: page } } })),
    getNextPageParam: (p: { messages: Message[]; more: boolean }) => (p.more && p.messages[0] && p.messages[0].id > from ? p.messages[0].id : undefined),
  });
  const said = [...query.data?.pages ?? []].reverse().flatMap((p) => p.messages).filter((m) => m.id >= from && m.id <= to && (m.kind === 'message' || m.kind === 'note'));
  return { query, said };
}

export function HistoryMessages({ withNotes, ...part }: Part & { withNotes: boolean }) {
  const { query, said } = usePart(part);
  return <Lines of={query} conversation={part.conversation} shown={said.filter((m) => withNotes || m.kind === 'message')} />;
}

/** The notes of a history that is public else; nothing where it has none. */
export function HistoryNotes({ of: a }: { of: TicketAction }) {
  const say = useWords();
  const { query, said } = usePart({ conversation: a.conversation ?? '', from: a.from ?? '', to: a.to ?? '' });
  const shown = said.filter((m) => m.kind === 'note');
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const lookOn = shown.length === 0 && hasNextPage && !isFetching && !isError; // they may be further up
  useEffect(() => { if (lookOn) void fetchNextPage(); }, [lookOn, fetchNextPage]);
  if (query.data && shown.length === 0 && !hasNextPage && !isError) return null;
  return (
    <li className={join(css.doing, css.inner)} data-action={a.id} data-internal>
      <Author of={a.author} />
      <div>
        <p className={css.doingHead}><b>{say('ticket.history')}</b><Icon of={Lock} size="s" /><span>{say('note.private')} · <time dateTime={a.at} title={full(a.at)}>{moment(a.at)}</time></span></p>
        {shown.length === 0 && !isError ? <Bone wide="40%" high={10} /> : <Lines of={query} conversation={a.conversation ?? ''} shown={shown} />}
      </div>
    </li>
  );
}

function Lines({ of: query, conversation, shown }: { of: ReturnType<typeof usePart>['query']; conversation: string; shown: Message[] }) {
  const say = useWords();
  const whole = <Link to={addressOf({ view: 'all', id: conversation })} className={parts.textButton}>{say('ticketPage.readConversation')}</Link>;
  if (query.isError) return <p className={parts.help}>{query.error instanceof Refusal && query.error.status < 500 ? say('ticketPage.notYours') : <>{reasonOf(query.error)} <button type="button" className={parts.textButton} onClick={() => void query.refetch()}>{say('retry')}</button></>}</p>;
  if (!query.data) return <Bone wide="40%" high={10} />;
  return (
    <div className={css.history}>
      {query.hasNextPage && <button type="button" className={parts.textButton} onClick={() => void query.fetchNextPage()}>{say('ticketPage.earlier')}</button>}
      <ol>{shown.map((m) => <Line key={m.id} of={m} />)}</ol>
      {shown.length === 0 && <p className={parts.help}>{say('ticketPage.noMessages')}</p>}
      {whole}
    </div>
  );
}

function Line({ of: m }: { of: Message }) {
  const say = useWords();
  const note = m.kind === 'note';
  return (
    <li className={note ? css.note : undefined} data-note={note || undefined}>
      <p className={css.lineHead}><b>{whoOf(m)}</b>{note && <><Icon of={Lock} size="s" /><span>{say('note.private')}</span></>}<time dateTime={m.at} title={full(m.at)}>{moment(m.at)}</time></p>
      {m.deleted_at ? <span className={parts.help}>{say('message.deleted')}</span> : <div className={css.said}>{m.html ? <RichText html={m.html} /> : <PlainText text={m.text} />}</div>}
      {m.attachments.length > 0 && <div className={css.files}><Files of={m.attachments} /></div>}
    </li>
  );
}
