// The doors for customers: which there are, and one of them opened.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, CircleAlert, Inbox as InboxIcon, MessageSquareText, Plus } from 'lucide-react';
import { useState } from 'react';
import { Blank, Bone, Button, Chip, Icon, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { WhatsAppGlyph } from '../../parts/WhatsApp';
import { alive, inboxesQuery, nameOf, useDepartments, useMe } from '../../shell/desk';
import { reasonOf } from '../../shell/toasts';
import { languages, useWords } from '../../shell/words';
import { Radios, Select, Text } from '../fields';
import { createInbox, inboxQuery, newID } from '../nouns';
import { Bar, Failed, Sheet, Sheeted } from '../parts';
import css from '../settings.module.css';
import { useForm } from '../useForm';
import { languageNames } from '../words';
import { InboxForm } from './InboxForm';

export default function Inboxes({ id }: { id: string | undefined }) {
  if (id === 'new') return <NewInbox />;
  return id ? <OneInbox key={id} id={id} /> : <AllInboxes />;
}

function AllInboxes() {
  const say = useWords();
  const all = useQuery(inboxesQuery);
  const departments = useDepartments();
  const inboxes = all.data && alive(all.data);
  const add = (look: string | undefined) => <Link to="/settings/$" params={{ _splat: 'inboxes/new' }} className={join(parts.button, look, css.add)} aria-label={say('inboxes.add')}><Icon of={Plus} /><span>{say('inboxes.add')}</span></Link>;
  return (
    <>
      <Bar title={say('inboxes')}>{add(parts.go)}</Bar>
      <Sheeted>
        <p className={css.lead}>{say('inboxes.lead')}</p>
        {all.isError && !inboxes && <Failed why={reasonOf(all.error)} retry={() => void all.refetch()} />}
        {inboxes?.length === 0 && <Blank icon={InboxIcon} title={say('inboxes.none')}><p>{say('inboxes.noneHint')}</p>{add(parts.edge)}</Blank>}
        <ul className={css.rows}>
          {inboxes?.map((b) => (
            <li key={b.id}>
              <Link to="/settings/$" params={{ _splat: `inboxes/${b.id}` }} className={css.row}>
                <Icon of={b.channel === 'whatsapp' ? WhatsAppGlyph : MessageSquareText} />
                <span className={css.rowTwo}><span>{b.name}</span><small>{say(`channel.${b.channel}`)}</small></span>
                {b.auto_distribution && <span className={css.rowChip}><Chip>{say('inbox.autoShort')}</Chip></span>}
                <span className={css.rowMid}>{nameOf(departments, b.department)}</span>
                <span className={css.rowEnd}>{say(`policyShort.${b.ticket_policy}`)}</span>
                <Icon of={ChevronRight} size="m" className={css.chevron} />
              </Link>
            </li>
          ))}
        </ul>
      </Sheeted>
    </>
  );
}

function OneInbox({ id }: { id: string }) {
  const say = useWords();
  const inbox = useQuery(inboxQuery(id));
  if (inbox.data) return <InboxForm of={inbox.data} />;
  return (
    <>
      <Bar title={inbox.isError ? say('inboxes') : ''} back="inboxes" />
      {inbox.isError
        ? <Blank icon={CircleAlert} title={say('list.failed')}><p role="alert">{reasonOf(inbox.error)}</p><Button look="edge" onClick={() => void inbox.refetch()}>{say('retry')}</Button></Blank>
        : <div className={css.loading} role="status" aria-label={say('set.loading')}><Bone wide="40%" high={16} /><Bone wide="70%" high={12} /><Bone wide="55%" high={12} /></div>}
    </>
  );
}

interface Draft { name: string; channel: 'webchat' | 'whatsapp'; department: string; language: 'en' | 'es' | 'pt-BR' }

/** What an inbox cannot be without; the rest is set on its page, beside the preview. */
function NewInbox() {
  const say = useWords();
  const go = useNavigate();
  const { account } = useMe();
  const departments = alive(useDepartments());
  const [clientID] = useState(newID);
  const [made, setMade] = useState('');
  const form = useForm<Draft>({
    key: 'inbox-new', noun: 'inbox', start: { name: '', channel: 'webchat', department: departments.length === 1 ? departments[0]?.id ?? '' : '', language: account.language },
    save: async (v) => setMade((await createInbox(clientID, { ...v, ticket_policy: 'optional', auto_distribution: true, color: v.channel === 'webchat' ? '#2b5dd7' : '' })).id),
    check: (v) => (!v.name.trim() ? { field: 'name', kind: 'required' } : v.department ? undefined : { field: 'department', kind: 'required' }),
  });
  if (made) void go({ to: '/settings/$', params: { _splat: `inboxes/${made}` }, replace: true });
  const back = () => void go({ to: '/settings/$', params: { _splat: 'inboxes' } });
  return (
    <>
      <Bar title={say('inboxes.add')} back="inboxes" />
      <Sheeted>
        <Sheet form={form} fresh={say('inboxes.create')} done={() => { if (!form.busy && form.changed.length === 0) back(); }}>
          <Radios form={form} name="channel" label={say('inbox.channel')} options={[
            { id: 'webchat', text: say('channel.webchat'), help: say('inbox.webchatHelp') },
            { id: 'whatsapp', text: say('channel.whatsapp'), help: say('inbox.whatsappHelp') },
          ]} />
          <Text form={form} name="name" label={say('set.name')} help={say('inbox.nameHelp')} max={100} autoFocus />
          {departments.length > 0
            ? <Select form={form} name="department" label={say('inbox.department')} help={say('inbox.departmentHelp')} options={[{ id: '', text: say('set.choose'), disabled: true }, ...departments.map((d) => ({ id: d.id, text: d.name }))]} />
            : <p className={parts.help}>{say('inbox.noDepartment')} <Link to="/settings/$" params={{ _splat: 'departments/new' }} className={parts.textButton}>{say('departments.add')}</Link></p>}
          <Select form={form} name="language" label={say('set.language')} options={languages.map((l) => ({ id: l, text: languageNames[l] }))} />
        </Sheet>
      </Sheeted>
    </>
  );
}
