// One inbox: its form, and beside it what the customer will see, at each keystroke.
import { useNavigate } from '@tanstack/react-router';
import { Eye, PencilLine } from 'lucide-react';
import { useState } from 'react';
import { Chip, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { alive, useDepartments } from '../../shell/desk';
import { languages, useWords } from '../../shell/words';
import { useQuery } from '@tanstack/react-query';
import { Color } from '../Color';
import { isColor } from '../color';
import { Radios, Segments, Select, Switch, Text } from '../fields';
import { botsQuery, deleteInbox, saveInbox, type Inbox, type InboxSettings } from '../nouns';
import { Bar, Delete, Part, Sheet } from '../parts';
import css from '../settings.module.css';
import { useForm, type Form } from '../useForm';
import { languageNames } from '../words';
import { CampaignFields } from './CampaignFields';
import { ConnectMeta } from './ConnectMeta';
import { FirstResponse } from './FirstResponse';
import { Install } from './Install';
import { PortalFields } from './PortalFields';
import { Preview } from './Preview';
import { Templates } from './Templates';
import { wrongTemplate } from './templates';

export type Draft = Required<Omit<InboxSettings, 'campaign'>> & { campaign: Inbox['campaign'] };

const settingsOf = ({ id: _id, key: _key, identity_secret_set: _set, ...rest }: Inbox): Draft => rest;

export function InboxForm({ of }: { of: Inbox }) {
  const say = useWords();
  const go = useNavigate();
  const [seen, see] = useState<'form' | 'preview'>('form');
  const form = useForm<Draft>({ key: `inbox-${of.id}`, noun: 'inbox', start: settingsOf(of), save: (v) => saveInbox(of.id, v), check });
  const web = of.channel === 'webchat';
  return (
    <>
      <Bar title={of.name} back="inboxes">
        <span className={css.channel}><Chip>{say(`channel.${of.channel}`)}</Chip></span>
        {web && (
          <div className={join(parts.segments, css.seen)} role="group" aria-label={say('preview.title')}>
            <button type="button" className={parts.segment} aria-pressed={seen === 'form'} onClick={() => see('form')}><Icon of={PencilLine} size="m" /> {say('preview.form')}</button>
            <button type="button" className={parts.segment} aria-pressed={seen === 'preview'} onClick={() => see('preview')}><Icon of={Eye} size="m" /> {say('preview.title')}</button>
          </div>
        )}
      </Bar>
      <div className={css.beside} data-seen={seen} data-web={web ? '' : undefined}>
        <Sheet form={form} className={css.tall} foot={<Delete noun="inbox" name={of.name} what={say('inbox.deleteWhat')} run={() => deleteInbox(of.id)} done={() => { form.discard(); void go({ to: '/settings/$', params: { _splat: 'inboxes' } }); }} />}>
          <div className={css.column}>
            {web ? <Appearance form={form} /> : <WhatsApp form={form} id={of.id} />}
            <Beginning form={form} web={web} />
            <Distribution form={form} id={of.id} />
            <Closing form={form} web={web} />
            {web && <Install form={form} inbox={of} />}
          </div>
        </Sheet>
        {web && <Preview inbox={form.value} />}
      </div>
    </>
  );
}

function check(v: Draft) {
  if (!v.name.trim()) return { field: 'name', kind: 'required' };
  if (v.color && !isColor(v.color)) return { field: 'color', kind: 'invalid' };
  if (v.campaign.enabled && !v.campaign.message.trim()) return { field: 'campaign.message', kind: 'required' };
  if (v.campaign.page && !v.campaign.page.startsWith('/')) return { field: 'campaign.page', kind: 'invalid' };
  const wrong = wrongTemplate(v.templates);
  return wrong ? { field: `templates.${wrong.at}.${wrong.field}`, kind: 'invalid' } : undefined;
}

const useLanguages = () => languages.map((l) => ({ id: l, text: languageNames[l] }));

function Appearance({ form }: { form: Form<Draft> }) {
  const say = useWords();
  return (
    <Part title={say('inbox.appearance')}>
      <Text form={form} name="name" label={say('set.name')} help={say('inbox.nameHelp')} max={100} />
      <Color form={form} reads />
      <div className={css.two}>
        <Segments form={form} name="side" label={say('inbox.side')} help={say('inbox.sideHelp')} options={[{ id: 'start', text: say('inbox.sideStart') }, { id: 'end', text: say('inbox.sideEnd') }]} />
        <Select form={form} name="language" label={say('set.language')} help={say('inbox.languageHelp')} options={useLanguages()} />
      </div>
      <Select form={form} name="reply_time" label={say('inbox.reply')} help={say('inbox.replyHelp')} options={(['', 'minutes', 'hours', 'day'] as const).map((r) => ({ id: r, text: say(`reply.${r || 'none'}`) }))} />
    </Part>
  );
}

function WhatsApp({ form, id }: { form: Form<Draft>; id: string }) {
  const say = useWords();
  return (
    <>
      <Part title={say('inbox.number')}>
        <Text form={form} name="name" label={say('set.name')} help={say('inbox.nameHelp')} max={100} />
        <Text form={form} name="phone_number_id" label={say('inbox.phone')} help={say('inbox.phoneHelp')} max={100} />
        <Select form={form} name="language" label={say('set.language')} options={useLanguages()} />
      </Part>
      <ConnectMeta inbox={id} />
      <Part title={say('inbox.templates')} help={say('inbox.templatesHelp')}><Templates form={form} /></Part>
    </>
  );
}

function Beginning({ form, web }: { form: Form<Draft>; web: boolean }) {
  const say = useWords();
  const asked = form.value.pre_chat_form;
  return (
    <Part title={say('inbox.beginning')}>
      <Text form={form} name="greeting" label={say('inbox.greeting')} help={say('inbox.greetingHelp')} max={2000} area={3} />
      {web && <Switch form={form} name="pre_chat_form" label={say('inbox.form')} help={say('inbox.formHelp')} />}
      <Switch form={form} name="collect_email" label={say('inbox.email')} help={asked && web ? say('inbox.emailOff') : say('inbox.emailHelp')} />
      {web && <CampaignFields form={form} />}
    </Part>
  );
}

function Distribution({ form, id }: { form: Form<Draft>; id: string }) {
  const say = useWords();
  const departments = alive(useDepartments());
  const bots = alive(useQuery(botsQuery).data ?? []).filter((b) => b.inbox === id);
  return (
    <Part title={say('inbox.distribution')}>
      <Switch form={form} name="auto_distribution" label={say('inbox.auto')} help={say('inbox.autoHelp')} />
      <Select form={form} name="department" label={say('inbox.department')} help={say('inbox.departmentHelp')} options={departments.map((d) => ({ id: d.id, text: d.name }))} />
      <Select form={form} name="bot" label={say('inbox.bot')} help={bots.length > 0 ? say('inbox.botHelp') : say('inbox.noBot')} options={[{ id: '', text: say('inbox.withoutBot') }, ...bots.map((b) => ({ id: b.id, text: b.name }))]} />
      <FirstResponse form={form} />
    </Part>
  );
}

function Closing({ form, web }: { form: Form<Draft>; web: boolean }) {
  const say = useWords();
  return (
    <Part title={say('inbox.closing')}>
      <Radios form={form} name="ticket_policy" label={say('ticket')} options={(['required', 'automatic', 'optional'] as const).map((p) => ({ id: p, text: say(`policy.${p}`), help: say(`policyHelp.${p}`) }))} />
      {web && <Switch form={form} name="survey" label={say('inbox.survey')} help={say('inbox.surveyHelp')} />}
      {web && <PortalFields form={form} />}
    </Part>
  );
}
