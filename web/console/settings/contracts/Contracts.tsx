// SLA contracts: for whom, by what hours, what is promised, and what happens when it is missed (B98).
import { useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useState } from 'react';
import parts from '../../parts/parts.module.css';
import { alive, cache, desk, useInboxes } from '../../shell/desk';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { chosen, useTicketSettings } from '../../tickets/lists';
import type { Trouble } from '../draft';
import { Checks, NumberField, Select, Switch, Text } from '../fields';
import { contractsQuery, hoursQuery, newID, type Contract, type ContractSettings } from '../nouns';
import { Delete, Rows, Sheet } from '../parts';
import { useForm } from '../useForm';
import { Customers } from './Customers';
import { Escalations } from './Escalations';
import { Promises } from './Promises';

export type Value = Required<ContractSettings>;

export default function Contracts({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(contractsQuery);
  return (
    <Rows path="contracts" title={say('set.contracts')} lead={say('contracts.lead')} at={id} items={all.data && alive(all.data)} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
      text={(c) => c.name} add={say('contracts.add')} emptyIcon={Gauge} empty={say('contracts.none')} emptyHint={say('contracts.noneHint')}
      row={(c) => <span>{c.name} <span className={parts.help}>{say('contracts.promised', { count: c.promises.length })}</span></span>}
      form={(c, close) => <ContractForm key={c?.id ?? 'new'} of={c} close={close} />} />
  );
}

/** What can be known to be wrong without asking, named as the desk names it. */
function wrong(v: Value): Trouble | undefined {
  if (!v.name.trim()) return { field: 'name', kind: 'required' };
  const nothing = v.promises.findIndex((p) => !p.first_response_seconds && !p.next_response_seconds && !p.resolution_seconds);
  if (nothing >= 0) return { field: `promises.${nothing}`, kind: 'empty' };
  const twice = v.promises.findIndex((p, i) => v.promises.some((o, at) => at < i && (o.priority ?? '') === (p.priority ?? '')));
  if (twice >= 0) return { field: `promises.${twice}.priority`, kind: 'twice' };
  for (const [i, e] of v.escalations.entries()) {
    if (e.on === 'warning' && !v.warn_at) return { field: `escalations.${i}.on`, kind: 'never' };
    if (e.act === 'notify' && !e.agents?.length) return { field: `escalations.${i}.agents`, kind: 'required' };
    if (e.act === 'reassign' && !e.agent && !e.department) return { field: `escalations.${i}.agent`, kind: 'required' };
  }
  return undefined;
}

function ContractForm({ of, close }: { of: Contract | undefined; close(): void }) {
  const say = useWords();
  const [clientID] = useState(newID);
  const inboxes = alive(useInboxes());
  const services = chosen(useTicketSettings().services);
  const hours = alive(useQuery(hoursQuery).data ?? []);
  const form = useForm<Value>({
    key: `contract-${of?.id ?? 'new'}`, noun: 'contract', check: wrong,
    start: {
      name: of?.name ?? '', contacts: of?.contacts ?? [], services: of?.services ?? [], inboxes: of?.inboxes ?? [], hours: of?.hours ?? '', restart: of?.restart ?? false, warn_at: of?.warn_at ?? 0,
      promises: of?.promises ?? [{ first_response_seconds: 3600, next_response_seconds: 0, resolution_seconds: 0 }], escalations: of?.escalations ?? [],
    },
    save: (v) => saveContract(of?.id, clientID, v),
  });
  return (
    <Sheet form={form} fresh={of ? undefined : say('contracts.add')} done={close}
      foot={of && <Delete noun="contract" name={of.name} what={say('contracts.deleteWhat')} run={() => deleteContract(of.id)} done={() => { form.discard(); close(); }} />}>
      <Text form={form} name="name" label={say('set.name')} max={100} autoFocus />
      <Select form={form} name="hours" label={say('contracts.hours')} help={say('contracts.hoursHelp')} options={[{ id: '', text: say('contracts.always') }, ...hours.map((h) => ({ id: h.id, text: h.name }))]} />
      <Promises form={form} />
      <NumberField form={form} name="warn_at" label={say('contracts.warn')} help={say('contracts.warnHelp')} max={99} />
      <Switch form={form} name="restart" label={say('contracts.restart')} help={say('contracts.restartHelp')} />
      <Escalations form={form} />
      <span className={parts.help}>{say('contracts.forWhom')}</span>
      <Customers form={form} />
      <Checks form={form} name="services" label={say('contracts.services')} options={services.map((s) => ({ id: s.id, text: s.name }))} empty={say('contracts.noServices')} />
      <Checks form={form} name="inboxes" label={say('inboxes')} options={inboxes.map((b) => ({ id: b.id, text: b.name }))} empty="" />
    </Sheet>
  );
}

async function saveContract(id: string | undefined, client_id: string, v: Value): Promise<void> {
  const { hours, ...rest } = v;
  const body = { ...rest, name: v.name.trim(), ...(hours ? { hours } : {}) };
  await (id ? desk.PUT('/v1/settings/contracts/{id}', { params: { path: { id } }, body }) : desk.POST('/v1/settings/contracts', { body: { client_id, ...body } }));
  await cache.invalidateQueries({ queryKey: contractsQuery.queryKey });
}

async function deleteContract(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/contracts/{id}', { params: { path: { id } } });
  await cache.invalidateQueries({ queryKey: contractsQuery.queryKey });
}
