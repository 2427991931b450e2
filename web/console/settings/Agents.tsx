import type { Agent } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { UserRoundCog } from 'lucide-react';
import { useState } from 'react';
import { Chip, Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { agentsQuery, alive, nameOf, useDepartments, useMe } from '../shell/desk';
import { deskConfig } from '../shell/session';
import { reasonOf } from '../shell/toasts';
import { languages, useWords } from '../shell/words';
import { Checks, NumberField, Radios, Select, Text } from './fields';
import { deleteAgent, newID, saveAgent, type AgentSettings } from './nouns';
import { Delete, Rows, Sheet } from './parts';
import css from './settings.module.css';
import { useForm } from './useForm';
import { languageNames } from './words';

const roles = ['viewer', 'agent', 'operator', 'administrator'] as const;
const address = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$/;

/** Who works here, what each may do and how much at once. */
export default function Agents({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(agentsQuery);
  const departments = useDepartments();
  const people = all.data && alive(all.data).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <Rows path="agents" title={say('agents')} lead={say('agents.lead')} at={id} items={people} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
      text={(a) => `${a.name} ${a.email}`} add={say('agents.add')} emptyIcon={UserRoundCog} empty={say('agents.none')} emptyHint={say('agents.noneHint')}
      row={(a) => (
        <>
          <Who agent={a} size="m" presence={a.seat?.presence} />
          <span className={css.rowTwo}><span>{a.name}</span><small>{a.email}</small></span>
          {!a.sign_in && <Chip look="Due">{say('agents.noSignIn')}</Chip>}
          <span className={css.rowMid}>{a.departments.map((d) => nameOf(departments, d)).join(', ')}</span>
          <span className={css.rowEnd}>{say(`role.${a.role}`)}</span>
        </>
      )}
      form={(a, close) => <AgentForm key={a?.id ?? 'new'} of={a} close={close} />} />
  );
}

interface Draft { name: string; email: string; role: AgentSettings['role']; departments: string[]; capacity: number; language: AgentSettings['language']; subject: string }

function AgentForm({ of, close }: { of: Agent | undefined; close(): void }) {
  const say = useWords();
  const me = useMe();
  const [clientID] = useState(newID);
  const departments = alive(useDepartments());
  const { issuer, own_issuer: own } = deskConfig();
  const form = useForm<Draft>({
    key: `agent-${of?.id ?? 'new'}`, noun: 'agent',
    start: {
      name: of?.name ?? '', email: of?.email ?? '', role: of?.role ?? 'agent', departments: of ? [...of.departments].sort() : [], capacity: of?.capacity ?? 10,
      language: of?.language ?? me.account.language, subject: of?.sign_in?.subject ?? '',
    },
    save: ({ subject, ...v }) => saveAgent(of?.id, clientID, { ...v, email: v.email.trim(), ...signIn(own && !of ? v.email.trim() : subject.trim(), of?.sign_in, issuer) }),
    check: (v) => (!v.name.trim() ? { field: 'name', kind: 'required' } : !address.test(v.email.trim()) ? { field: 'email', kind: v.email ? 'invalid' : 'required' } : undefined),
  });
  const self = of?.id === me.agent.id;
  return (
    <Sheet form={{ ...form, set: (patch) => form.set(patch.departments ? { ...patch, departments: [...patch.departments].sort() } : patch) }} fresh={of ? undefined : say('agents.add')} done={close}
      foot={of && <Delete noun="agent" name={of.name} what={say(self ? 'agents.deleteSelf' : 'agents.deleteWhat')} run={() => deleteAgent(of.id)} done={() => { form.discard(); close(); }} label={say('agents.remove')} />}>
      <div className={css.two}>
        <Text form={form} name="name" label={say('set.name')} max={100} autoFocus />
        <Text form={form} name="email" label={say('set.email')} help={say('agents.emailHelp')} type="email" max={254} />
      </div>
      <Radios form={form} name="role" label={say('agents.role')} options={roles.map((r) => ({ id: r, text: say(`role.${r}`), help: say(`roleHelp.${r}`) }))} />
      <div className={css.two}>
        <NumberField form={form} name="capacity" label={say('agents.capacity')} help={say('agents.capacityHelp')} max={1000} />
        <Select form={form} name="language" label={say('set.language')} options={languages.map((l) => ({ id: l, text: languageNames[l] }))} />
      </div>
      <Checks form={form} name="departments" label={say('departments')} options={departments.map((d) => ({ id: d.id, text: d.name }))} empty={say('departments.none')} />
      {own ? <p className={parts.help}>{of?.sign_in ? say('agents.signsInAs', { subject: of.sign_in.subject }) : say('agents.signInOwn')}</p>
        : <Text form={form} name="subject" label={say('agents.subject')} help={say('agents.subjectHelp', { issuer })} max={255} />}
    </Sheet>
  );
}

/** Whom the identity provider knows; nothing if that did not change. */
function signIn(subject: string, was: Agent['sign_in'], issuer: string): Pick<AgentSettings, 'sign_in'> {
  return subject && subject !== was?.subject ? { sign_in: { issuer: was?.issuer ?? issuer, subject } } : {};
}
