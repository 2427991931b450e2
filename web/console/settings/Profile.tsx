import type { ReactNode } from 'react';
import parts from '../parts/parts.module.css';
import { useCell, type Cell } from '../shell/cell';
import { useMe } from '../shell/desk';
import { desktopNotices, enterSends, language, sounds, theme, type Theme } from '../shell/preferences';
import css from '../shell/shell.module.css';
import { languages, useWords } from '../shell/words';

const names = { en: 'English', es: 'Español', 'pt-BR': 'Português (Brasil)' };
const themes: Theme[] = ['system', 'light', 'dark'];

/** What this agent likes: kept in this browser. */
export default function Profile() {
  const say = useWords();
  const { agent } = useMe();
  const spoken = useCell(language);
  const look = useCell(theme);
  return (
    <div className={css.inner}>
      <h1>{say('profile.title')}</h1>
      <p className={parts.help}>{agent.name} · {agent.email} · {say(`role.${agent.role}`)}</p>
      <Choice label={say('profile.language')}>
        {(['', ...languages] as const).map((l) => <button key={l} type="button" className={parts.segment} aria-pressed={l === spoken} onClick={() => language.set(l)}>{l ? names[l] : say('profile.asAccount')}</button>)}
      </Choice>
      <Choice label={say('profile.theme')}>
        {themes.map((t) => <button key={t} type="button" className={parts.segment} aria-pressed={t === look} onClick={() => theme.set(t)}>{say(`theme.${t}`)}</button>)}
      </Choice>
      <Switch of={enterSends}>{say('composer.enterSends')}</Switch>
      <Switch of={sounds}>{say('profile.sounds')}</Switch>
      <Switch of={desktopNotices} onChange={(on) => { if (on && 'Notification' in window) void Notification.requestPermission(); }}>{say('profile.desktop')}</Switch>
    </div>
  );
}

const Choice = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={parts.field} role="group" aria-label={label}><span className={parts.label}>{label}</span><div className={parts.segments}>{children}</div></div>
);

function Switch({ of, onChange, children }: { of: Cell<boolean>; onChange?(on: boolean): void; children: ReactNode }) {
  const on = useCell(of);
  return <label className={parts.radio}><input type="checkbox" checked={on} onChange={(e) => { of.set(e.target.checked); onChange?.(e.target.checked); }} />{children}</label>;
}
