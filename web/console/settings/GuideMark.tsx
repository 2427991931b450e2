import { Link, useNavigate } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { useEffect } from 'react';
import { Icon } from '../parts/parts';
import css from '../shell/shell.module.css';
import { useWords } from '../shell/words';
import { bare, steps } from './guide';
import { useGuide } from './useGuide';

let led = false;

/** Shows an administrator of a new desk that there are first steps; where nobody can write yet, it leads to them at once. */
export default function GuideMark() {
  const say = useWords();
  const go = useNavigate();
  const guide = useGuide();
  useEffect(() => {
    if (!guide || led) return;
    led = true;
    if (bare(guide.known) && location.pathname.startsWith('/conversations')) void go({ to: '/settings/$', params: { _splat: 'start' }, replace: true });
  }, [guide, go]);
  if (!guide) return null;
  const name = say('guide.mark', { done: guide.done.length, all: steps.length });
  return <Link to="/settings/$" params={{ _splat: 'start' }} className={css.railGo} title={name} aria-label={name}><Icon of={ListChecks} />{guide.now && <span className={css.dot} />}</Link>;
}
