// What is set of tickets: fields, lists to choose from, and who sets a forecast (B93 to B104).
import { useQuery } from '@tanstack/react-query';
import { data, desk } from '../../shell/desk';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { chosen, ticketSettingsQuery, type TicketField, type TicketSettings } from '../../tickets/lists';
import { cache } from '../../shell/desk';
import type { Trouble } from '../draft';
import { Toggle } from '../fields';
import { Bar, Failed, Part, Sheet, Sheeted } from '../parts';
import css from '../settings.module.css';
import { useForm } from '../useForm';
import { ChoiceList } from './ChoiceList';

const fields: readonly TicketField[] = ['type', 'subject', 'description', 'status', 'justification', 'service', 'category', 'priority', 'due', 'cc', 'tags'];
const roles = ['agent', 'operator', 'administrator'] as const;
const lists = ['services', 'categories', 'priorities', 'justifications'] as const;

export default function TicketFields() {
  const say = useWords();
  const settings = useQuery(ticketSettingsQuery);
  return (
    <>
      <Bar title={say('set.tickets')} />
      {settings.data ? <Fields of={settings.data} /> : settings.isError ? <Failed why={reasonOf(settings.error)} retry={() => void settings.refetch()} /> : <div className={css.loading} role="status" aria-label={say('set.loading')} />}
    </>
  );
}

async function save(body: TicketSettings): Promise<void> {
  cache.setQueryData(ticketSettingsQuery.queryKey, await data(desk.PUT('/v1/settings/tickets', { body })));
}

/** The first entry that cannot be as it is. */
function wrong(v: TicketSettings): Trouble | undefined {
  for (const list of lists) {
    const seen = new Set<string>();
    for (const [i, c] of v[list].entries()) {
      const name = c.name.trim().toLocaleLowerCase();
      if (!name) return { field: `${list}.${i}.name`, kind: 'required' };
      const known = `${name} ${c.status ?? ''} ${c.sector ?? ''}`;
      if (!c.archived && seen.has(known)) return { field: `${list}.${i}.name`, kind: 'twice' };
      if (!c.archived) seen.add(known);
    }
  }
  return undefined;
}

function Fields({ of }: { of: TicketSettings }) {
  const say = useWords();
  const form = useForm({ key: 'tickets', noun: 'tickets', start: of, save, check: wrong });
  const { disabled, due_by_hand: hands } = form.value;
  return (
    <Sheeted>
      <Sheet form={form}>
        <Part title={say('tfields.which')} help={say('tfields.whichHelp')}>
          <div className={css.toggles}>{fields.map((f) => <Toggle key={f} text={say(`tfield.${f}`)} checked={!disabled.includes(f)} onChange={(on) => form.set({ disabled: on ? disabled.filter((d) => d !== f) : [...disabled, f] })} />)}</div>
        </Part>
        <Part title={say('tfields.priorities')} help={say('tfields.prioritiesHelp')}><ChoiceList form={form} name="priorities" add={say('tfields.addPriority')} /></Part>
        <Part title={say('tfields.services')} help={say('tfields.servicesHelp')}><ChoiceList form={form} name="services" add={say('tfields.addService')} sectors={[...new Set(chosen(form.value.services).map((s) => s.sector ?? '').filter(Boolean))]} /></Part>
        <Part title={say('tfields.categories')}><ChoiceList form={form} name="categories" add={say('tfields.addCategory')} /></Part>
        <Part title={say('tfields.justifications')} help={say('tfields.justificationsHelp')}><ChoiceList form={form} name="justifications" add={say('tfields.addJustification')} /></Part>
        <Part title={say('tfields.due')} help={say('tfields.dueHelp')}>
          {roles.map((r) => <Toggle key={r} text={say(`role.${r}`)} checked={hands.includes(r)} onChange={(on) => form.set({ due_by_hand: roles.filter((x) => (x === r ? on : hands.includes(x))) })} />)}
        </Part>
      </Sheet>
    </Sheeted>
  );
}
