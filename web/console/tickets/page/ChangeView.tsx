// What was changed: who, when, from what to what, and what set it off (B109, B111).
import { History } from 'lucide-react';
import { Icon, join } from '../../parts/parts';
import { full, moment } from '../../parts/time';
import { useWords } from '../../shell/words';
import type { TicketChange } from './opened';
import css from './proceedings.module.css';
import type { useValues } from './values';

export function ChangeView({ of: c, values }: { of: TicketChange; values: ReturnType<typeof useValues> }) {
  const say = useWords();
  return (
    <li className={join(css.doing, css.change)} data-change={c.id}>
      <Icon of={History} size="m" />
      <div>
        {c.fields.map((f, i) => (
          <p key={f.field}>
            {i === 0 && <b>{c.by.name || say('ticketPage.desk')} </b>}{f.field === 'text' ? <>{say('change.text')}: <q>{f.from}</q></>
              : f.field.startsWith('sla.') ? <>{values.name(f.field)}: {values.value(f.field, f.to)}</>
                : <>{i === 0 ? say('change.field', { field: values.name(f.field) }) : values.name(f.field)}: <span className={css.was}>{values.value(f.field, f.from)}</span> <span aria-hidden="true">→</span> <span className={css.onlyRead}>{say('change.to')}</span> <b>{values.value(f.field, f.to)}</b></>}
          </p>
        ))}
        <p className={css.small}><time dateTime={c.at} title={full(c.at)}>{moment(c.at)}</time> · {say(`trigger.${c.trigger}`)}</p>
      </div>
    </li>
  );
}
