import { useState } from 'react';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { shut, type Scene } from '../shell/stage';
import { useWords } from '../shell/words';

/** Asks why a ticket comes into a status, where the account has reasons for it (B104). */
export default function JustifyDialog({ scene }: { scene: Extract<Scene, { kind: 'justify' }> }) {
  const say = useWords();
  const [why, set] = useState(scene.reasons[0]?.id ?? '');
  const give = () => {
    shut();
    scene.take(why);
  };
  return (
    <Dialog title={say('justify.title', { number: scene.number, status: scene.status })} onSubmit={give} foot={<><span /><Cancel /><button type="submit" className={`${css.button} ${css.go}`}>{say('justify.move')}</button></>}>
      <Body>
        <fieldset>
          <legend className={css.label}>{say('justify.why')}</legend>
          {[...scene.reasons, { id: '', name: say('justify.none') }].map((r, i) => (
            <label key={r.id} className={css.radio}><input type="radio" name="why" value={r.id} checked={why === r.id} autoFocus={i === 0} onChange={() => set(r.id)} />{r.name}</label>
          ))}
        </fieldset>
      </Body>
    </Dialog>
  );
}
