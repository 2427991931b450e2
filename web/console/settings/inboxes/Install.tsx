import { useState } from 'react';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import { CopyLine, Fault } from '../fields';
import type { Inbox } from '../nouns';
import { Part } from '../parts';
import { same } from '../draft';
import { idOf, type Form } from '../useForm';
import type { Draft } from './InboxForm';
import { Identity } from './Identity';
import { directives, originsOf, snippet } from './install';

/** How the chat comes onto a site: the line, what a strict policy has to allow, and which sites may. */
export function Install({ form, inbox }: { form: Form<Draft>; inbox: Inbox }) {
  const say = useWords();
  return (
    <Part title={say('install.title')}>
      <div className={parts.field}><p className={parts.help}>{say('install.paste', { tag: '</body>' })}</p><CopyLine text={snippet(location.origin, { key: inbox.key, color: form.value.color, campaign: form.value.campaign })} label={say('install.line')} /></div>
      <Origins form={form} />
      <div className={parts.field}><p className={parts.help}>{say('install.policy')}</p><CopyLine text={directives(location.origin)} label={say('install.directives')} /></div>
      <Identity inbox={inbox} />
    </Part>
  );
}

function Origins({ form }: { form: Form<Draft> }) {
  const say = useWords();
  form.shows('origins');
  const { origins } = form.value;
  const [typed, type] = useState<string>();
  const shown = typed !== undefined && same(originsOf(typed), origins) ? typed : origins.join('\n'); // discarded, or saved by somebody else
  const id = idOf(form.key, 'origins');
  const fault = form.fault('origins');
  return (
    <div className={parts.field}>
      <label className={parts.label} htmlFor={id}>{say('install.sites')}</label>
      <textarea className={parts.input} id={id} rows={2} spellCheck={false} placeholder="https://shop.example" value={shown} aria-invalid={fault ? true : undefined} aria-describedby={`${id}-help`}
        onChange={(e) => { type(e.target.value); form.set({ origins: originsOf(e.target.value) }); }} onBlur={() => type(undefined)} />
      {fault ? <Fault id={`${id}-help`}>{fault}</Fault> : <span className={parts.help} id={`${id}-help`}>{say(origins.length > 0 ? 'install.sitesHelp' : 'install.anySite')}</span>}
    </div>
  );
}
