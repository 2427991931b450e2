// By what hours contracts count: the week with its breaks, public holidays, and own dates (B98).
import { useQuery } from '@tanstack/react-query';
import { CalendarDays, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { alive, cache, data, desk } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { spoken, useWords } from '../shell/words';
import type { Trouble } from './draft';
import { Fault, Select, Text, Toggle } from './fields';
import { Hours, Opening } from './Hours';
import { withSpan, wrongSpan } from './hours';
import css from './more.module.css';
import { accountQuery, hoursQuery, newID, type HoursNoun, type HoursSettings } from './nouns';
import { Delete, Rows, Sheet } from './parts';
import { RowText } from './rows';
import { useForm, type Form } from './useForm';

/** Those of rickar/cal, as the desk's document lists them. */
const countries = 'AR AT BE BG BR CA CH CZ DE DK ES FR GB GR HR IE IT JP LT LV NL NO NZ PL RO SE SI SK UA US ZA'.split(' ');
const zones = Intl.supportedValuesOf('timeZone');

export default function BusinessHours({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(hoursQuery);
  const account = useQuery(accountQuery);
  return (
    <Rows path="hours" title={say('set.hours')} lead={say('hours.lead')} at={id} items={account.data && all.data && alive(all.data)} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
      text={(h) => h.name} add={say('hours.add')} emptyIcon={CalendarDays} empty={say('hours.none')} emptyHint={say('hours.noneHint')}
      row={(h) => <span>{h.name} <span className={parts.help}>{h.time_zone.replaceAll('_', ' ')}{h.country && ` · ${countryName(h.country)}`}</span></span>}
      form={(h, close) => account.data && <HoursForm key={h?.id ?? 'new'} of={h} week={account.data.hours} zone={account.data.time_zone} close={close} />} />
  );
}

const countryName = (code: string) => new Intl.DisplayNames([spoken()], { type: 'region' }).of(code) ?? code;

type Value = Omit<Required<HoursSettings>, 'own'> & { own: { day: string; name: string; spans: { from: number; to: number }[] }[] };

/** What can be known to be wrong without asking; the desk names a date's fault "own.2.day" too. */
function wrong(v: Value): Trouble | undefined {
  if (!v.name.trim()) return { field: 'name', kind: 'required' };
  const span = wrongSpan(v.week, 'week');
  if (span) return { field: span, kind: 'invalid' };
  if (v.week.every((d) => d.length === 0)) return { field: 'week', kind: 'empty' };
  const blank = v.own.findIndex((d) => !d.day);
  if (blank >= 0) return { field: `own.${blank}.day`, kind: 'required' };
  const twice = v.own.findIndex((d, i) => v.own.some((o, at) => at < i && o.day === d.day));
  if (twice >= 0) return { field: `own.${twice}.day`, kind: 'twice' };
  const open = v.own.findIndex((d) => wrongSpan([d.spans]) !== undefined);
  return open >= 0 ? { field: `own.${open}.spans.0`, kind: 'invalid' } : undefined;
}

function HoursForm({ of, week, zone, close }: { of: HoursNoun | undefined; week: Value['week']; zone: string; close(): void }) {
  const say = useWords();
  const [clientID] = useState(newID);
  const form = useForm<Value>({
    key: `hours-${of?.id ?? 'new'}`, noun: 'hours',
    start: { name: of?.name ?? '', time_zone: of?.time_zone ?? zone, week: of?.week ?? week, country: of?.country ?? '', own: (of?.own ?? []).map((d) => ({ day: d.day, name: d.name ?? '', spans: d.spans ?? [] })) },
    save: (v) => saveHours(of?.id, clientID, v), check: wrong,
  });
  const v = form.value;
  form.shows('week');
  const noWeek = form.trouble?.field === 'week' ? form.fault('week') : undefined;
  return (
    <Sheet form={form} fresh={of ? undefined : say('hours.add')} done={close}
      foot={of && <Delete noun="hours" name={of.name} what={say('hours.deleteWhat')} run={() => deleteHours(of.id)} done={() => { form.discard(); close(); }} />}>
      <Text form={form} name="name" label={say('set.name')} max={100} autoFocus />
      <Select form={form} name="time_zone" label={say('account.zone')} options={['UTC', ...zones.filter((z) => z !== 'UTC')].map((z) => ({ id: z, text: z.replaceAll('_', ' ') }))} />
      <Hours form={form} name="week" />
      {noWeek && <Fault>{noWeek}</Fault>}
      <Select form={form} name="country" label={say('hours.country')} help={v.country && of?.public_until && of.country === v.country ? say('hours.until', { day: of.public_until }) : say('hours.countryHelp')}
        options={[{ id: '', text: say('hours.noCountry') }, ...countries.map((c) => ({ id: c, text: countryName(c) })).sort((a, b) => a.text.localeCompare(b.text, spoken()))]} />
      {v.country && <Holidays country={v.country} />}
      <OwnDays form={form} />
    </Sheet>
  );
}

async function saveHours(id: string | undefined, client_id: string, v: Value): Promise<void> {
  const own = v.own.map((d) => ({ ...d, name: d.name.trim() })).sort((a, b) => a.day.localeCompare(b.day));
  const body = { name: v.name.trim(), time_zone: v.time_zone, week: v.week, ...(v.country ? { country: v.country } : {}), own };
  await (id ? desk.PUT('/v1/settings/hours/{id}', { params: { path: { id } }, body }) : desk.POST('/v1/settings/hours', { body: { client_id, ...body } }));
  await cache.invalidateQueries({ queryKey: hoursQuery.queryKey });
}

async function deleteHours(id: string): Promise<void> {
  await desk.DELETE('/v1/settings/hours/{id}', { params: { path: { id } } });
  await cache.invalidateQueries({ queryKey: hoursQuery.queryKey });
}

/** The public holidays of this year, so that one sees what is closed. */
function Holidays({ country }: { country: string }) {
  const say = useWords();
  const year = new Date().getFullYear();
  const all = useQuery({ queryKey: ['holidays', country, year], staleTime: Infinity, queryFn: async () => (await data(desk.GET('/v1/settings/holidays', { params: { query: { country, year } } }))).items }).data;
  if (!all) return null;
  const day = (text: string) => new Date(`${text}T12:00:00Z`).toLocaleDateString(spoken(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <details>
      <summary className={parts.help}>{say('hours.holidays', { count: all.length, year })}</summary>
      <ul className={css.holidays}>{all.map((h) => <li key={h.day + h.name}>{day(h.day)} · {h.name}</li>)}</ul>
    </details>
  );
}

function OwnDays({ form }: { form: Form<Value> }) {
  const say = useWords();
  const { own } = form.value;
  form.shows('own');
  const whole = form.trouble?.field === 'own' ? form.fault('own') : undefined;
  const change = (i: number, patch: Partial<Value['own'][number]>) => form.set({ own: own.map((d, at) => (at === i ? { ...d, ...patch } : d)) });
  return (
    <div className={parts.field} role="group" aria-label={say('hours.own')}>
      <span className={parts.label}>{say('hours.own')}</span>
      <span className={parts.help}>{say('hours.ownHelp')}</span>
      <div className={css.list}>
        {own.map((d, i) => (
          <div key={i} className={css.entry} role="group" aria-label={d.name || d.day || say('hours.addDay')}>
            <div className={css.day}>
              <RowText form={form} name={`own.${i}.day`} label={say('hours.day')} type="date" value={d.day} onChange={(e) => change(i, { day: e.target.value })} />
              <RowText form={form} name={`own.${i}.name`} label={say('hours.dayName')} value={d.name} maxLength={100} onChange={(e) => change(i, { name: e.target.value })} />
              <div className={css.spans}>
                <Toggle text={say('hours.opens')} checked={d.spans.length > 0} onChange={(on) => change(i, { spans: on ? withSpan([]) : [] })} />
                {d.spans.map((s, at) => <Opening key={at} form={form} name={`own.${i}.spans.${at}`} of={s} day={d.name || d.day} set={(next) => change(i, { spans: next ? d.spans.map((was, k) => (k === at ? next : was)) : d.spans.filter((_, k) => k !== at) })} />)}
              </div>
            </div>
            <Button tiny icon={X} name={say('hours.takeDay', { name: d.name || d.day })} onClick={() => form.set({ own: own.filter((_, at) => at !== i) })} />
          </div>
        ))}
      </div>
      {whole && <Fault>{whole}</Fault>}
      <div><Button look="edge" icon={Plus} onClick={() => form.set({ own: [...own, { day: '', name: '', spans: [] }] })}>{say('hours.addDay')}</Button></div>
    </div>
  );
}
