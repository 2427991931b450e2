// The settings: an index of nouns, and the page of one. Who may not change them is told so, and may still open his own.
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import looks from '../parts/places.module.css';
import { Blank, Bone, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useMe } from '../shell/desk';
import { Rail } from '../shell/Rail';
import { useWords } from '../shell/words';
import { Leave } from './Leave';
import { pageAt, pages, type Page } from './pages';
import { Bar } from './parts';
import css from './settings.module.css';
import { settingsWords } from './words';

export default function Settings() {
  const say = useWords();
  const go = useNavigate();
  const ready = useSettingsWords();
  const { agent } = useMe();
  const [path = '', id] = ((useParams({ strict: false }) as { _splat?: string })._splat ?? '').split('/');
  const administers = agent.role === 'administrator';
  const wide = matchMedia('(min-width: 800px)').matches;
  useEffect(() => {
    if (!path && wide) void go({ to: '/settings/$', params: { _splat: administers ? 'inboxes' : 'profile' }, replace: true });
  }, [path, wide, administers, go]);
  const page = pageAt(path);
  if (!ready) return <div className={css.frame}><Rail /><main className={css.page} /></div>;
  return (
    <div className={css.frame} data-pane={path ? 'page' : 'index'}>
      <Rail />
      {path ? <Index at={path} administers={administers} /> : <main className={css.alone}><h1 className={parts.onlyRead}>{say('settings')}</h1><Index at="" administers={administers} /></main>}
      {path && <main className={css.page} aria-label={page ? say(page.title) : say('settings')}>
        <Suspense fallback={<Loading />}><Shown page={page} id={id} administers={administers} /></Suspense>
      </main>}
      <Leave />
    </div>
  );
}

function useSettingsWords(): boolean {
  const [ready, set] = useState(false);
  useEffect(() => void settingsWords().then(() => set(true)), []);
  return ready;
}

function Shown({ page, id, administers }: { page: Page | undefined; id: string | undefined; administers: boolean }) {
  const say = useWords();
  if (!page) return <><Bar title={say('settings')} /><Blank icon={Lock} title={say('notHere')}><Link to="/settings/$" params={{ _splat: 'profile' }} className={parts.textButton}>{say('profile.title')}</Link></Blank></>;
  if (!page.open && !administers) {
    return <><Bar title={say(page.title)} /><Blank icon={Lock} title={say('set.forbidden')}><p>{say('set.forbiddenWhy')}</p><Link to="/settings/$" params={{ _splat: 'profile' }} className={parts.textButton}>{say('profile.title')}</Link></Blank></>;
  }
  return <page.View id={id} />;
}

const Loading = () => <div className={css.loading} role="status"><Bone wide={160} high={16} /><Bone wide="60%" /><Bone wide="45%" /></div>;

function Index({ at, administers }: { at: string; administers: boolean }) {
  const say = useWords();
  const shown = pages.filter((p) => p.open || administers);
  const groups = [...new Set(shown.map((p) => p.group))];
  return (
    <nav className={join(css.index, looks.places)} aria-label={say('settings')}>
      <p className={css.indexTitle}>{say('settings')}</p>
      {groups.map((group) => (
        <section key={group}>
          {group !== 'settings' && <h2>{say(group)}</h2>}
          <ul>
            {shown.filter((p) => p.group === group).map((p) => (
              <li key={p.path}>
                <Link to="/settings/$" params={{ _splat: p.path }} className={join(looks.go, css.go)} aria-current={p.path === at ? 'page' : undefined}><Icon of={p.icon} size="m" /><span>{say(p.title)}</span></Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {!administers && <p className={join(parts.help, css.indexHelp)}>{say('set.onlyAdministrators')}</p>}
    </nav>
  );
}
