import { Body, Dialog } from '../parts/Dialog';
import { Button } from '../parts/parts';
import css from '../parts/parts.module.css';
import { useCell } from '../shell/cell';
import { ticketColumns } from '../shell/preferences';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { columnTitle, enabledColumns } from './columns';
import { useTicketSettings } from './lists';

/** Which columns the list has; each choice shows at once, and is kept. */
export default function ColumnsDialog() {
  const say = useWords();
  const s = useTicketSettings();
  const now = useCell(ticketColumns);
  return (
    <Dialog title={say('tickets.columns')} onSubmit={shut} foot={<><span /><Button look="go" type="submit">{say('tickets.done')}</Button></>}>
      <Body>
        <div role="group" aria-label={say('tickets.columns')}>
          {enabledColumns(s).map((name, i) => (
            <label key={name} className={css.radio}>
              <input type="checkbox" checked={now.includes(name)} autoFocus={i === 0} onChange={(e) => ticketColumns.set(e.target.checked ? [...now, name] : now.filter((n) => n !== name))} />{say(columnTitle(name))}
            </label>
          ))}
        </div>
      </Body>
    </Dialog>
  );
}
