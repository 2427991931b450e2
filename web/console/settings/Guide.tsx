// The first steps of a new desk: four, each with what to do next, ticked by what is there.
import { Link, useNavigate } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { Button, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { alive, cache, useMe } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { CopyLine, Fault } from './fields';
import { steps, type Step } from './guide';
import { snippet } from './inboxes/install';
import { accountQuery, saveAccount } from './nouns';
import { Bar, Sheeted } from './parts';
import css from './settings.module.css';
import { useGuide } from './useGuide';

export default function Guide() {
  const say = useWords();
  const guide = useGuide(true);
  const { agent, account } = useMe();
  return (
    <>
      <Bar title={say('guide.title')}>{guide && <Progress done={guide.done} />}</Bar>
      <Sheeted>
        <p className={css.lead}>{say(guide && !guide.now ? 'guide.allDone' : 'guide.lead', { name: agent.name.split(' ')[0] ?? agent.name, account: account.name })}</p>
        <ol className={css.steps} aria-label={say('guide.title')}>
          {guide && steps.map((s, i) => <OneStep key={s} step={s} number={i + 1} done={guide.done.includes(s)} now={guide.now === s} web={s === 'inbox' ? alive([...guide.known.inboxes]).find((b) => b.channel === 'webchat') : undefined} />)}
        </ol>
        {!account.guide_done && guide && <End done={!guide.now} />}
      </Sheeted>
    </>
  );
}

function Progress({ done }: { done: Step[] }) {
  const say = useWords();
  return <div className={css.progress} role="img" aria-label={say('guide.progress', { done: done.length, all: steps.length })}>{steps.map((s) => <i key={s} data-done={done.includes(s) ? '' : undefined} />)}</div>;
}

const ways: Record<Step, { to: string; text: 'guide.toDepartments' | 'guide.toHours' | 'guide.toInbox' | 'guide.toAgents' | 'guide.toCanned' | 'guide.toLabels' }[]> = {
  departments: [{ to: 'departments/new', text: 'guide.toDepartments' }, { to: 'account', text: 'guide.toHours' }],
  inbox: [{ to: 'inboxes/new', text: 'guide.toInbox' }],
  team: [{ to: 'agents/new', text: 'guide.toAgents' }],
  replies: [{ to: 'canned/new', text: 'guide.toCanned' }, { to: 'labels/new', text: 'guide.toLabels' }],
};

function OneStep({ step, number, done, now, web }: { step: Step; number: number; done: boolean; now: boolean; /** The chat whose line is to be pasted. */ web: { id: string; key: string } | undefined }) {
  const say = useWords();
  const why = done ? `guide.${step}Done` as const : web ? 'guide.inboxPaste' : `guide.${step}Why` as const;
  return (
    <li className={css.step} data-done={done ? '' : undefined} data-now={now ? '' : undefined} aria-current={now ? 'step' : undefined}>
      <span>{done ? <><Icon of={Check} /><span className={parts.onlyRead}>{say('guide.taken')}</span></> : number}</span>
      <div className={css.stepIn}>
        <h2>{say(`guide.${step}`)}</h2>
        <p>{say(why)}</p>
        {web && !done && <CopyLine text={snippet(location.origin, { key: web.key, color: '' })} label={say('install.line')} />}
        <div className={css.stepActs}>
          {web && !done && <Link to="/settings/$" params={{ _splat: `inboxes/${web.id}` }} className={parts.textButton}><span>{say('guide.toOwnInbox')}</span></Link>}
          {ways[step].map((w, i) => <Link key={w.to} to="/settings/$" params={{ _splat: w.to }} className={now && i === 0 && !web ? join(parts.button, parts.go) : parts.textButton}><span>{say(w.text)}</span></Link>)}
        </div>
      </div>
    </li>
  );
}

function End({ done }: { done: boolean }) {
  const say = useWords();
  const go = useNavigate();
  const [fault, setFault] = useState('');
  const end = async () => {
    try {
      await saveAccount({ ...(await cache.fetchQuery({ ...accountQuery, staleTime: 0 })), guide_done: true });
      await go({ to: '/' });
    } catch (cause) {
      setFault(reasonOf(cause));
    }
  };
  return (
    <div className={css.stepActs}>
      <Button look={done ? 'go' : 'edge'} onClick={() => void end()}>{say(done ? 'guide.finish' : 'guide.dismiss')}</Button>
      {fault ? <Fault>{fault}</Fault> : <span className={parts.help}>{say('guide.stays')}</span>}
    </div>
  );
}
