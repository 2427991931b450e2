import { Check } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useWords } from '../shell/words';
import { contrast, isColor, normalColor, swatches } from './color';
import { Fault } from './fields';
import css from './settings.module.css';
import { idOf, type Form } from './useForm';

/** A colour: of a few at a click, or any. */
export function Color<T extends { color: string }>({ form, reads }: { form: Form<T>; /** Words will stand on it. */ reads?: boolean }) {
  const say = useWords();
  form.shows('color');
  const id = idOf(form.key, 'color');
  const { color } = form.value;
  const fault = form.fault('color');
  const set = (to: string) => form.set({ color: to } as Partial<T>);
  return (
    <div className={parts.field} role="group" aria-labelledby={`${id}-label`}>
      <span className={parts.label} id={`${id}-label`}>{say('set.color')}</span>
      <div className={css.swatches}>
        {swatches.map((s) => <Swatch key={s} color={s} pressed={color.toLowerCase() === s} onClick={() => set(s)} />)}
        <input className={css.anyColor} type="color" aria-label={say('set.pickColor')} value={isColor(color) ? color : '#2b5dd7'} onChange={(e) => set(e.target.value)} />
        <input className={join(parts.input, css.hex)} id={id} aria-label={say('set.hexColor')} value={color} maxLength={7} spellCheck={false} autoComplete="off" placeholder="#2b5dd7"
          aria-invalid={fault ? true : undefined} onChange={(e) => set(e.target.value)} onBlur={() => set(normalColor(color))} />
        {reads && isColor(color) && <span className={parts.help}><Icon of={Check} size="s" /> {say('set.contrast', { ratio: contrast(color).toLocaleString(undefined, { maximumFractionDigits: 1 }) })}</span>}
      </div>
      {fault && <Fault>{fault}</Fault>}
    </div>
  );
}

function Swatch({ color, pressed, onClick }: { color: string; pressed: boolean; onClick(): void }) {
  return <button type="button" className={css.swatch} ref={usePaint(color)} aria-label={color} title={color} aria-pressed={pressed} onClick={onClick} />;
}

/** A colour that is data: set on the element, for the page's policy allows no style attribute. */
export function usePaint<E extends HTMLElement = HTMLButtonElement>(color: string) {
  const el = useRef<E>(null);
  useLayoutEffect(() => {
    if (isColor(color)) el.current?.style.setProperty('--is', color);
    else el.current?.style.removeProperty('--is');
  }, [color]);
  return el;
}

export const Dot = ({ color }: { color: string }) => <span className={css.dot} ref={usePaint<HTMLSpanElement>(color)} aria-hidden="true" />;
