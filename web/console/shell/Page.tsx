import { Outlet } from '@tanstack/react-router';
import { Rail } from './Rail';
import css from './shell.module.css';

/** The frame of a screen that is one page. */
export function Page() {
  return <div className={css.frame} data-page=""><Rail /><main className={`${css.pane} ${css.page}`}><Outlet /></main></div>;
}
