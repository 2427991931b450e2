import dialogs from '../parts/dialog.module.css';
import { Button, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { signIn } from './session';
import sheet from './signIn.module.css';
import { useWords } from './words';

/** A session that cannot be renewed: what was typed stays behind this, and is there after the next sign-in. */
export default function SessionOver() {
  const say = useWords();
  return (
    <div className={dialogs.scrim} role="alertdialog" aria-modal="true" aria-label={say('session.over')}>
      <div className={join(parts.float, sheet.signIn)}><h1>{say('session.over')}</h1><p>{say('session.kept')}</p><Button look="go" autoFocus onClick={() => void signIn()}>{say('signIn')}</Button></div>
    </div>
  );
}
