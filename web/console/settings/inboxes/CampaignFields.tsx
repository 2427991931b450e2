import { useWords } from '../../shell/words';
import { NumberField, Switch, Text } from '../fields';
import css from '../settings.module.css';
import { within, type Form } from '../useForm';
import type { Draft } from './InboxForm';

/** What shows above the button to who has not written yet: after how long, and on which pages (B15). */
export function CampaignFields({ form }: { form: Form<Draft> }) {
  const say = useWords();
  const campaign = within(form, 'campaign');
  return (
    <div className={css.nested}>
      <Switch form={campaign} name="enabled" label={say('campaign.title')} help={say('campaign.help')} />
      {campaign.value.enabled && (
        <div>
          <Text form={campaign} name="message" label={say('campaign.message')} max={500} area={2} />
          <div className={css.two}>
            <NumberField form={campaign} name="after_seconds" label={say('campaign.after')} help={say('campaign.afterHelp')} max={3600} />
            <Text form={campaign} name="page" label={say('campaign.page')} help={say('campaign.pageHelp')} max={200} placeholder="/products" />
          </div>
        </div>
      )}
    </div>
  );
}
