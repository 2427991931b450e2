import type { SavedView } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { useState } from 'react';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import css from '../parts/parts.module.css';
import { useDraft } from '../parts/useDraft';
import { cache, data, desk, useMe, viewsQuery } from '../shell/desk';
import { shut } from '../shell/stage';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';

interface Typed { name: string; shared: boolean; client_id?: string | undefined }

/** Gives a view a name, or changes the name that it has. */
export default function SaveViewDialog({ filter, view }: { filter: SavedView['filter']; view?: SavedView }) {
  const say = useWords();
  const viewer = useMe().agent.role === 'viewer';
  const { value: { name, shared, client_id }, set, forget } = useDraft<Typed>(`saveView.${view?.id ?? 'new'}`, { name: view?.name ?? '', shared: view?.shared ?? false });
  const [fault, fail] = useState('');
  const save = async () => {
    const body = { name: name.trim(), shared, filter };
    if (!body.name) return;
    const id = client_id ?? newID();
    if (!view) set({ client_id: id }); // one that is tried again makes no second view
    try {
      if (view) await data(desk.PUT('/v1/views/{id}', { params: { path: { id: view.id } }, body }));
      else await data(desk.POST('/v1/views', { body: { ...body, client_id: id } }));
      forget();
      shut();
      await cache.invalidateQueries({ queryKey: viewsQuery.queryKey });
    } catch (cause) {
      fail(reasonOf(cause));
    }
  };
  return (
    <Dialog title={say(view ? 'saved.change' : 'saved.save')} onSubmit={() => void save()} foot={<><span className={css.helpLate} role="alert">{fault}</span><Cancel /><button type="submit" className={`${css.button} ${css.go}`} disabled={!name.trim()}>{say('saved.keep')}</button></>}>
      <Body>
        <label className={css.field}><span className={css.label}>{say('saved.name')}</span><input className={css.input} value={name} maxLength={100} autoFocus onChange={(e) => set({ name: e.target.value, client_id: undefined })} /></label>
        {!viewer && <label className={css.radio}><input type="checkbox" checked={shared} onChange={(e) => set({ shared: e.target.checked, client_id: undefined })} />{say('saved.shared')}</label>}
      </Body>
    </Dialog>
  );
}
