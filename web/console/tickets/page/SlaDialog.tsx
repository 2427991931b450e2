// The targets of a ticket: by which contract, in which hours, when each is due and how it stands, counting down (B98, B105).
import type { Clock, Ticket } from '@relevo/shared/api/desk';
import type { components } from '@relevo/shared/api/schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { standing, targets, type Target } from '../../parts/clocks';
import { Body, Dialog } from '../../parts/Dialog';
import { useNow } from '../../parts/now';
import { Bone, Chip, Icon, Ring } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { full, span } from '../../parts/time';
import { useMe } from '../../shell/desk';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import css from './dialogs.module.css';
import { slaQuery, weekInWords } from './sla';

type Sla = components['schemas']['TicketSLA'];

export function SlaDialog({ of: t, onShut }: { of: Ticket; onShut(): void }) {
  const say = useWords();
  const query = useQuery(slaQuery(t.number));
  const shown = query.data ? <Shown of={query.data} ticket={t} />
    : query.isError ? <p role="alert">{reasonOf(query.error)} <button type="button" className={parts.textButton} onClick={() => void query.refetch()}>{say('retry')}</button></p>
      : <div role="status" aria-label={say('tickets.loading')}><Bone wide="60%" high={12} /></div>;
  return <Dialog title={say('slaDialog.title', { number: t.number })} wide onShut={onShut}><Body>{shown}</Body></Dialog>;
}

function Shown({ of, ticket: t }: { of: Sla; ticket: Ticket }) {
  const say = useWords();
  const administers = useMe().agent.role === 'administrator';
  const { contract, hours, promise, clocks } = of;
  const due = t.due && <><dt>{say('ticketPage.due')}</dt><dd>{full(t.due.at)}<small>{say(t.due.by === 'contract' ? 'ticketPage.dueByContract' : 'slaDialog.byHand')}</small></dd></>;
  if (!contract) return <><p>{say('slaDialog.none')}</p><p className={parts.help}>{say('slaDialog.noneHint')}</p>{due && <dl className={css.facts}>{due}</dl>}</>;
  return (
    <>
      <dl className={css.facts}>
        <dt>{say('ticketPage.contract')}</dt>
        <dd>{administers ? <Link to="/settings/$" params={{ _splat: `contracts/${contract.id}` }} className={parts.textButton}>{contract.name}</Link> : contract.name}<small>{say(contract.restart ? 'slaDialog.restarts' : 'slaDialog.goesOn')}</small></dd>
        <dt>{say('slaDialog.hours')}</dt>
        <dd>
          {hours ? <>{hours.name}<small>{say('slaDialog.zone', { zone: hours.time_zone.replaceAll('_', ' ') })}</small><ul>{weekInWords(hours.week).map((r) => <li key={r.days}><span>{r.days}</span> {r.hours}</li>)}</ul></> : say('slaDialog.always')}
        </dd>
        <dt>{say('slaDialog.warns')}</dt><dd>{contract.warn_at ? say('slaDialog.warnAt', { share: contract.warn_at }) : say('slaDialog.never')}</dd>
        {due}
      </dl>
      <ul className={css.targets} aria-label={say('sla.title')}>
        {targets.map((target) => {
          const seconds = promise?.[`${target}_seconds`];
          return seconds ? <TargetRow key={target} target={target} seconds={seconds} clock={clocks?.[target]} /> : null;
        })}
      </ul>
    </>
  );
}

/** One target. Without a clock nobody waits for it here: answers are counted in the conversations. */
function TargetRow({ target, seconds, clock }: { target: Target; seconds: number; clock: Clock | undefined }) {
  const say = useWords();
  const now = useNow();
  const fact = (name: string, what: ReactNode) => what && <><dt>{name}</dt><dd>{what}</dd></>;
  const within = fact(say('slaDialog.target'), say('slaDialog.within', { span: span(seconds * 1000).replace(/ 00$/, '') }));
  if (!clock) return <li data-target={target}><p className={css.targetHead}><Ring left={1} /><b>{say(`sla.target.${target}`)}</b></p><dl className={css.targetFacts}>{within}</dl><p className={parts.help}>{say('slaDialog.inConversation')}</p></li>;
  const { state, left, share } = standing(clock, now);
  const missed = clock.breached || state === 'late';
  return (
    <li data-target={target} data-state={state === 'done' && missed ? 'late' : state}>
      <p className={css.targetHead}>
        {state === 'done' ? <Icon of={missed ? CircleAlert : CircleCheck} size="m" /> : <Ring left={share} />}
        <b>{say(`sla.target.${target}`)}</b>
        {state === 'done' ? <Chip look={missed ? 'Late' : 'Done'}>{say(missed ? 'slaDialog.missed' : 'slaDialog.met')}</Chip>
          : state === 'late' ? <Chip look="Late">{say('slaDialog.missed')}</Chip>
            : state === 'paused' ? <Chip look="State">{say('slaDialog.paused')}</Chip>
              : <Chip look={state === 'due' ? 'Due' : undefined}>{say(state === 'due' ? 'slaDialog.soon' : 'slaDialog.runs')}</Chip>}
      </p>
      <dl className={css.targetFacts}>
        {within}
        {fact(say(missed ? 'slaDialog.wasDue' : 'slaDialog.due'), clock.due && full(clock.due))}
        {state !== 'done' && fact(say(state === 'late' ? 'slaDialog.over' : 'slaDialog.left'), span(Math.abs(left)))}
        {state !== 'done' && state !== 'late' && fact(say('slaDialog.warned'), clock.warn_at && full(clock.warn_at))}
        {fact(say(target === 'resolution' ? 'slaDialog.ended' : 'slaDialog.answered'), clock.ended_at && full(clock.ended_at))}
      </dl>
    </li>
  );
}
