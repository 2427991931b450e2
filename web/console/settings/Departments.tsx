import type { Department } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { useState } from 'react';
import { Who } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { alive, departmentsQuery, useAgents, useInboxes } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { Checks, Text } from './fields';
import { deleteDepartment, newID, saveDepartment } from './nouns';
import { Delete, Rows, Sheet } from './parts';
import css from './settings.module.css';
import { useForm } from './useForm';

/** The groups among which conversations are shared out, and who belongs to them (B40-B42). */
export default function Departments({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(departmentsQuery);
  const agents = alive(useAgents());
  return (
    <Rows path="departments" title={say('departments')} lead={say('departments.lead')} at={id} items={all.data && alive(all.data)} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
      text={(d) => d.name} add={say('departments.add')} emptyIcon={UsersRound} empty={say('departments.none')} emptyHint={say('departments.noneHint')}
      row={(d) => {
        const members = agents.filter((a) => a.departments.includes(d.id));
        return (
          <>
            <span className={css.rowName}>{d.name}</span>
            <span className={css.stack} aria-hidden="true">{members.slice(0, 5).map((a) => <Who key={a.id} agent={a} />)}</span>
            <span className={css.rowEnd} data-warn={members.length === 0 ? '' : undefined}>{members.length > 0 ? say('transfer.agents', { count: members.length }) : say('departments.nobody')}</span>
          </>
        );
      }}
      form={(d, close) => <DepartmentForm key={d?.id ?? 'new'} of={d} close={close} />} />
  );
}

function DepartmentForm({ of, close }: { of: Department | undefined; close(): void }) {
  const say = useWords();
  const [clientID] = useState(newID);
  const agents = alive(useAgents());
  const inboxes = alive(useInboxes()).filter((b) => b.department === of?.id);
  const form = useForm({
    key: `department-${of?.id ?? 'new'}`, noun: 'department',
    start: { name: of?.name ?? '', members: agents.filter((a) => of && a.departments.includes(of.id)).map((a) => a.id).sort() },
    save: (v) => saveDepartment(of?.id, clientID, v.name, v.members),
    check: (v) => (v.name.trim() ? undefined : { field: 'name', kind: 'required' }),
  });
  const options = agents.map((a) => ({ id: a.id, text: `${a.name} ${a.email}`, view: <span className={css.person}><Who agent={a} /><span>{a.name}<small>{say(`role.${a.role}`)}</small></span></span> }));
  return (
    <Sheet form={{ ...form, set: (patch) => form.set(patch.members ? { ...patch, members: [...patch.members].sort() } : patch) }} fresh={of ? undefined : say('departments.add')} done={close}
      foot={of && <Delete noun="department" name={of.name} what={say('departments.deleteWhat')} run={() => deleteDepartment(of.id)} done={() => { form.discard(); close(); }} />}>
      <Text form={form} name="name" label={say('set.name')} max={100} autoFocus />
      <Checks form={form} name="members" label={say('departments.members')} options={options} empty={say('departments.noAgents')} help={say('departments.membersHelp')} />
      {inboxes.length > 0 && <p className={parts.help}>{say('departments.begins', { inboxes: inboxes.map((b) => b.name).join(', ') })}</p>}
    </Sheet>
  );
}
