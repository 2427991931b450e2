import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import { Button } from '../parts/parts';
import css from '../parts/parts.module.css';
import { data, desk } from '../shell/desk';
import { shut, type Scene } from '../shell/stage';
import { useWords } from '../shell/words';
import { Pick, Picks } from './fields';
import { FindContact } from './FindContact';
import { useTicketSettings } from './lists';
import { listStatuses, myself, none, type TicketSearch } from './search';

/** Everything by which tickets are narrowed, in one place: also where the bar has no room for it. */
export default function NarrowDialog({ scene }: { scene: Extract<Scene, { kind: 'narrow' }> }) {
  const say = useWords();
  const s = useTicketSettings();
  const [is, set] = useState<TicketSearch>(scene.search);
  const [finds, find] = useState(false);
  const patch = (p: TicketSearch) => set((was) => ({ ...was, ...p }));
  const requester = useQuery({ queryKey: ['contact', is.requester], enabled: Boolean(is.requester), queryFn: () => data(desk.GET('/v1/contacts/{id}', { params: { path: { id: is.requester ?? '' } } })) }).data;
  const done = () => {
    shut();
    scene.take({ ...is, tag: is.tag?.trim() });
  };
  if (finds) return <Dialog title={say('tickets.requester')} onShut={() => find(false)}><Body><FindContact onTaken={(c) => { patch({ requester: c.id }); find(false); }} /></Body></Dialog>;
  return (
    <Dialog title={say('tickets.narrow')} onSubmit={done} foot={<><Button onClick={() => set({ q: is.q, by: is.by, columns: is.columns, sort: is.sort })}>{say('tickets.clear')}</Button><span /><Cancel /><button type="submit" className={`${css.button} ${css.go}`}>{say('tickets.show')}</button></>}>
      <Body>
        {!s.disabled.includes('status') && <Pick label={say('status')} value={is.status ?? 'open'} onChange={(status) => patch({ status: status as 'open' })}>{listStatuses.map((x) => <option key={x} value={x}>{say(x === 'open' || x === 'done' ? `tickets.status.${x}` : `ticketStatus.${x}`)}</option>)}</Pick>}
        <Picks value={is} onChange={patch} first={say('tickets.any')} people={<><option value="">{say('tickets.any')}</option><option value={myself}>{say('tickets.me')}</option><option value={none}>{say('nobody')}</option></>} />
        {!s.disabled.includes('type') && <Pick label={say('tickets.type')} value={is.type ?? ''} onChange={(type) => patch({ type: (type || undefined) as 'public' })}><option value="">{say('tickets.any')}</option><option value="public">{say('tickets.type.public')}</option><option value="internal">{say('tickets.type.internal')}</option></Pick>}
        {!s.disabled.includes('tags') && <label className={css.field}><span className={css.label}>{say('tickets.tag')}</span><input className={css.input} value={is.tag ?? ''} maxLength={50} onChange={(e) => patch({ tag: e.target.value })} /></label>}
        <div className={css.field}>
          <span className={css.label}>{say('tickets.requester')}</span>
          <span style={{ display: 'flex', gap: 4 }}>
            <button type="button" className={`${css.pick} ${css.edge}`} onClick={() => find(true)}><span>{is.requester ? (requester?.name || requester?.email || say('contact.nameless')) : say('tickets.any')}</span></button>
            {is.requester && <Button icon={X} name={say('tickets.anyRequester')} onClick={() => patch({ requester: undefined })} />}
          </span>
        </div>
      </Body>
    </Dialog>
  );
}
