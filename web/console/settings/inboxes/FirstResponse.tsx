import { useState } from 'react';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import { Fault, Toggle } from '../fields';
import { Options } from '../../parts/Options';
import css from '../settings.module.css';
import { idOf, type Form } from '../useForm';
import { longest, secondsOf, unitOf, units, type Unit } from './span';

/** Within which time somebody is to answer: a number and a unit, never seconds. */
export function FirstResponse<T extends { first_response_seconds: number }>({ form }: { form: Form<T> }) {
  const say = useWords();
  const seconds = form.value.first_response_seconds;
  const [unit, setUnit] = useState<Unit>(unitOf(seconds));
  form.shows('first_response_seconds');
  const id = idOf(form.key, 'first_response_seconds');
  const fault = form.fault('first_response_seconds');
  const set = (to: number) => form.set({ first_response_seconds: to } as Partial<T>);
  const shown = seconds % units[unit] === 0 ? unit : unitOf(seconds); // another saving may have brought seconds that do not fit
  return (
    <div className={parts.field}>
      <Toggle text={say('inbox.target')} help={say('inbox.targetHelp')} checked={seconds > 0} onChange={(on) => { setUnit('minutes'); set(on ? 15 * units.minutes : 0); }} />
      {seconds > 0 && (
        <div className={css.inRow} role="group" aria-label={say('inbox.target')}>
          <input className={`${parts.input} ${css.short}`} id={id} type="number" inputMode="numeric" min={1} max={longest / units[shown]} aria-label={say('inbox.targetCount')} aria-invalid={fault ? true : undefined}
            value={seconds / units[shown]} onChange={(e) => set(Math.max(units[shown], secondsOf(e.target.valueAsNumber, shown)))} />
          <Options aria-label={say('inbox.targetUnit')} value={shown} onChange={(e) => { const next = e.target.value as Unit; setUnit(next); set(secondsOf(seconds / units[shown], next)); }}>
            {(Object.keys(units) as Unit[]).map((u) => <option key={u} value={u}>{say(`unit.${u}`)}</option>)}
          </Options>
        </div>
      )}
      {fault && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </div>
  );
}
