// Why free text is closed on WhatsApp, and the templates that may be sent instead.
import type { Conversation, Template } from '@relevo/shared/api/desk';
import { ClockAlert } from 'lucide-react';
import { useState } from 'react';
import { write } from '../conversations/acts';
import { Button, Icon } from '../parts/parts';
import parts from '../parts/parts.module.css';
import dialogs from '../parts/dialog.module.css';
import { useTemplates } from '../shell/desk';
import { useWords } from '../shell/words';
import css from './composer.module.css';

const shown = (t: Template, values: readonly string[]) => t.body.replace(/\{\{(\d+)\}\}/g, (mark, n: string) => values[Number(n) - 1] || mark);

export function Templates({ conversation: c, taker }: { conversation: Conversation; taker?: string | undefined }) {
  const say = useWords();
  const all = useTemplates(c.inbox);
  const [chosen, choose] = useState<Template>();
  const [values, setValues] = useState<string[]>([]);
  const ready = chosen && Array.from({ length: chosen.parameters }, (_, i) => values[i]).every(Boolean);
  const send = () => {
    if (!chosen || !ready) return;
    void write(c.id, { template: { name: chosen.name, language: chosen.language, parameters: values.slice(0, chosen.parameters) } }, { text: shown(chosen, values) }, taker);
    choose(undefined);
    setValues([]);
  };
  return (
    <div className={css.closed}>
      <p className={css.why}><Icon of={ClockAlert} /><b>{say('whatsapp.closed')}</b><span>{say('whatsapp.closedWhy')}</span></p>
      <div className={css.templates} role="group" aria-label={say('whatsapp.templates')}>
        {all.map((t) => (
          <button key={`${t.name} ${t.language}`} type="button" className={css.template} aria-pressed={t === chosen} onClick={() => { choose(t); setValues([]); }}>
            <b>{t.name} · {t.language}</b><span>{t === chosen ? shown(t, values) : t.body}</span>
          </button>
        ))}
      </div>
      {chosen && chosen.parameters > 0 && (
        <div className={dialogs.pair}>
          {Array.from({ length: chosen.parameters }, (_, i) => (
            <label key={i} className={parts.field}><span className={parts.label}>{say('whatsapp.value', { n: i + 1 })}</span>
              <input className={parts.input} value={values[i] ?? ''} maxLength={1024} onChange={(e) => setValues(Object.assign([...values], { [i]: e.target.value }))} /></label>
          ))}
        </div>
      )}
      <div className={css.end}><Button look="go" disabled={!ready} onClick={send}>{say('whatsapp.send')}</Button></div>
    </div>
  );
}
