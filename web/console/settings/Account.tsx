import { useQuery } from '@tanstack/react-query';
import { reasonOf } from '../shell/toasts';
import { languages, spoken, useWords } from '../shell/words';
import { Radios, Select, Text } from './fields';
import { Hours } from './Hours';
import { wrongSpan } from './hours';
import { accountQuery, saveAccount, type Account as Settings } from './nouns';
import { Bar, Failed, Part, Sheet, Sheeted } from './parts';
import css from './settings.module.css';
import { useForm } from './useForm';
import { languageNames } from './words';

/** What holds for the whole company. */
export default function Account() {
  const say = useWords();
  const account = useQuery(accountQuery);
  return (
    <>
      <Bar title={say('set.account')} />
      {account.data ? <AccountForm of={account.data} /> : account.isError ? <Failed why={reasonOf(account.error)} retry={() => void account.refetch()} /> : <div className={css.loading} role="status" aria-label={say('set.loading')} />}
    </>
  );
}

const zones = Intl.supportedValuesOf('timeZone');

function AccountForm({ of }: { of: Settings }) {
  const say = useWords();
  const form = useForm({
    key: 'account', noun: 'account', start: of, save: saveAccount,
    check: (v) => {
      if (!v.name.trim()) return { field: 'name', kind: 'required' };
      const wrong = wrongSpan(v.hours);
      return wrong ? { field: wrong, kind: 'invalid' } : undefined;
    },
  });
  const zone = form.value.time_zone;
  const now = new Date().toLocaleTimeString(spoken(), { timeZone: zone, hour: 'numeric', minute: '2-digit' });
  return (
    <Sheeted>
      <Sheet form={form}>
        <Part title={say('account.company')}>
          <Text form={form} name="name" label={say('set.name')} help={say('account.nameHelp')} max={100} />
          <Select form={form} name="language" label={say('set.language')} help={say('account.languageHelp')} options={languages.map((l) => ({ id: l, text: languageNames[l] }))} />
        </Part>
        <Part title={say('account.time')} help={say('account.timeHelp')}>
          <Select form={form} name="time_zone" label={say('account.zone')} help={say('account.zoneNow', { time: now })} options={['UTC', ...zones.filter((z) => z !== 'UTC')].map((z) => ({ id: z, text: z.replaceAll('_', ' ') }))} />
          <Hours form={form} name="hours" />
        </Part>
        <Part title={say('account.closing')}>
          <Radios form={form} name="after_close" label={say('account.afterClose')} options={[
            { id: 'keep', text: say('account.keep'), help: say('account.keepHelp') },
            { id: 'unassign', text: say('account.unassign'), help: say('account.unassignHelp') },
          ]} />
        </Part>
      </Sheet>
    </Sheeted>
  );
}
