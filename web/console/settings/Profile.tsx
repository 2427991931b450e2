import { useState, type ReactNode } from 'react';
import { Button, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useCell, type Cell } from '../shell/cell';
import { nameOf, useDepartments, useMe } from '../shell/desk';
import { desktopNotices, enterSends, language, noticeKinds, quiet, sounds, theme, type NoticeKind, type Theme } from '../shell/preferences';
import { languages, useWords } from '../shell/words';
import { Toggle } from './fields';
import { Bar, Part, Sheeted } from './parts';
import css from './settings.module.css';
import { languageNames } from './words';

const themes: Theme[] = ['system', 'light', 'dark'];

/** What this agent likes: kept in this browser, and in force at once. */
export default function Profile() {
  const say = useWords();
  const { agent, seat } = useMe();
  const departments = useDepartments();
  const spoken = useCell(language);
  const look = useCell(theme);
  return (
    <>
      <Bar title={say('profile.title')} />
      <Sheeted>
        <div className={css.whoIs}>
          <Who agent={agent} size="l" />
          <div><strong>{agent.name}</strong><p className={parts.help}>{agent.email}</p>
            <p className={parts.help}>{[say(`role.${agent.role}`), agent.departments.map((d) => nameOf(departments, d)).join(', '), say('profile.capacity', { count: seat.capacity })].filter(Boolean).join(' · ')}</p></div>
        </div>
        <p className={css.lead}>{say('profile.lead')}</p>
        <Part title={say('profile.look')}>
          <Pick label={say('profile.language')}>
            {(['', ...languages] as const).map((l) => <button key={l} type="button" className={parts.segment} aria-pressed={l === spoken} lang={l || undefined} onClick={() => language.set(l)}>{l ? languageNames[l] : say('profile.asAccount')}</button>)}
          </Pick>
          <Pick label={say('profile.theme')}>
            {themes.map((t) => <button key={t} type="button" className={parts.segment} aria-pressed={t === look} onClick={() => theme.set(t)}>{say(`theme.${t}`)}</button>)}
          </Pick>
        </Part>
        <Part title={say('profile.writing')}><Kept of={enterSends} text={say('composer.enterSends')} help={say('profile.enterHelp')} /></Part>
        <Part title={say('notices')} help={say('profile.noticesHelp')}>
          <Kept of={sounds} text={say('profile.sounds')} help={say('profile.soundsHelp')} />
          <Desktop />
          <Kinds />
        </Part>
      </Sheeted>
    </>
  );
}

const Pick = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={parts.field} role="group" aria-label={label}><span className={parts.label}>{label}</span><div className={`${parts.segments} ${css.segments}`}>{children}</div></div>
);

function Kept({ of, text, help }: { of: Cell<boolean>; text: string; help?: string }) {
  return <Toggle text={text} help={help} checked={useCell(of)} onChange={(on) => of.set(on)} />;
}

/** Notices of the system: the browser has to allow them too. */
function Desktop() {
  const say = useWords();
  const on = useCell(desktopNotices);
  const [allowed, tell] = useState('Notification' in window ? Notification.permission : 'denied');
  const ask = () => void Notification.requestPermission().then(tell);
  const help = !on ? say('profile.desktopHelp') : allowed === 'granted' ? say('profile.desktopOn') : allowed === 'denied' ? say('profile.desktopDenied') : say('profile.desktopAsk');
  return (
    <div className={css.desktop}>
      <Toggle text={say('profile.desktop')} help={help} checked={on} onChange={(is) => { desktopNotices.set(is); if (is && 'Notification' in window) ask(); }} />
      {on && allowed === 'default' && <Button look="edge" onClick={ask}>{say('profile.allow')}</Button>}
    </div>
  );
}

/** Which occasions call; all of them stand in the bell's list anyway. */
function Kinds() {
  const say = useWords();
  const silent = useCell(quiet);
  const set = (kind: NoticeKind) => (on: boolean) => quiet.set(on ? silent.filter((k) => k !== kind) : [...silent, kind]);
  return (
    <fieldset className={css.kinds}>
      <legend className={parts.label}>{say('profile.kinds')}</legend>
      {noticeKinds.map((k) => <Toggle key={k} text={say(`kind.${k}`)} checked={!silent.includes(k)} onChange={set(k)} />)}
    </fieldset>
  );
}
