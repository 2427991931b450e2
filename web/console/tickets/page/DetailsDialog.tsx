// Where a ticket comes from and what became of it (B105).
import type { Actor, Ticket } from '@relevo/shared/api/desk';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { addressOf } from '../../conversations/place';
import { Body, Dialog } from '../../parts/Dialog';
import parts from '../../parts/parts.module.css';
import { full } from '../../parts/time';
import { data, desk, useInboxes } from '../../shell/desk';
import { useWords } from '../../shell/words';
import css from './dialogs.module.css';
import { mergedFrom } from './merged';

/** Tickets that were merged into one and are still, as its history tells. */
const mergedQuery = (number: number) => queryOptions({
  queryKey: ['ticket', number, 'mergedFrom'] as const,
  async queryFn({ signal }) {
    const changes = [];
    for (let cursor: string | undefined; ;) {
      const page = await data(desk.GET('/v1/tickets/{number}/history', { signal, params: { path: { number }, query: { limit: 100, cursor } } }));
      changes.push(...page.items);
      if (!(cursor = page.cursor)) return mergedFrom(changes);
    }
  },
});

export function DetailsDialog({ of: t, onShut }: { of: Ticket; onShut(): void }) {
  const say = useWords();
  const inbox = useInboxes().find((i) => i.id === t.inbox);
  const who = (by: Actor) => <small>{by.kind === 'user' || !by.name ? (by.name ?? say('ticketPage.desk')) : say(`ticketDetails.by.${by.kind}`, { name: by.name })}</small>;
  const ticket = (number: number) => <Link key={number} to="/tickets/$number" params={{ number: String(number) }} className={parts.textButton} onClick={onShut}>{say('palette.ticket', { number })}</Link>;
  const merged = useQuery(mergedQuery(t.number)).data ?? [];
  const made = (t.relations ?? []).find((r) => r.kind === 'duplicates');
  return (
    <Dialog title={say('ticketDetails.title', { number: t.number })} onShut={onShut}>
      <Body>
        <dl className={css.facts}>
          <dt>{say('ticket.number')}</dt><dd>{t.number}</dd>
          <dt>{say('ticketDetails.made')}</dt><dd><time dateTime={t.created_at}>{full(t.created_at)}</time>{who(t.created_by)}</dd>
          <dt>{say('ticketDetails.from')}</dt><dd>{inbox ? <>{say(`channel.${inbox.channel}`)}<small>{inbox.name}</small></> : say(t.created_by.kind === 'user' ? 'ticketDetails.byHand' : 'ticketDetails.other')}</dd>
          {t.conversations.length > 0 && <><dt>{say('conversations')}</dt><dd className={css.links}>{t.conversations.map((id, i) => <Link key={id} to={addressOf({ view: 'all', id })} className={parts.textButton} onClick={onShut}>{say('ticket.conversation', { n: i + 1 })}</Link>)}</dd></>}
          <dt>{say('ticketDetails.updated')}</dt><dd><time dateTime={t.updated_at}>{full(t.updated_at)}</time>{who(t.updated_by)}</dd>
          {t.status && t.status_at && <><dt>{say('ticketDetails.since', { status: say(`ticketStatus.${t.status}`) })}</dt><dd><time dateTime={t.status_at}>{full(t.status_at)}</time></dd></>}
          {t.merged_into && <><dt>{say('ticketPage.mergedInto')}</dt><dd>{ticket(t.merged_into)}</dd></>}
          {merged.length > 0 && <><dt>{say('ticketDetails.mergedFrom')}</dt><dd className={css.links}>{merged.map(ticket)}</dd></>}
          {made && <><dt>{say('relation.duplicates')}</dt><dd>{ticket(made.ticket)}</dd></>}
        </dl>
      </Body>
    </Dialog>
  );
}
