import { useWords } from '../../shell/words';
import { Switch, Toggle } from '../fields';
import css from '../settings.module.css';
import { within, type Form } from '../useForm';
import type { Draft } from './InboxForm';

/** What customers whom the desk knows do with tickets in the chat (B84). */
export function PortalFields({ form }: { form: Form<Draft> }) {
  const say = useWords();
  const portal = within(form, 'portal');
  return (
    <div className={css.nested}>
      <Toggle text={say('portal.title')} help={say('portal.help')} checked={portal.value.enabled} onChange={(enabled) => portal.set({ enabled, open: enabled && portal.value.open })} />
      {portal.value.enabled && <div><Switch form={portal} name="open" label={say('portal.open')} help={say('portal.openHelp')} /></div>}
    </div>
  );
}
