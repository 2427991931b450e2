// Before something that is not saved is left: save it, throw it away, or stay.
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { Body, Dialog } from '../parts/Dialog';
import { Button } from '../parts/parts';
import { useCell } from '../shell/cell';
import { sessionLost } from '../shell/session';
import { useWords } from '../shell/words';
import { unsaved } from './useForm';

export function Leave() {
  const say = useWords();
  const forms = useCell(unsaved);
  const [busy, setBusy] = useState(false);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => unsaved.get().length > 0,
    enableBeforeUnload: () => unsaved.get().length > 0 && !sessionLost.get(), // what is typed waits for who signs in again
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  const save = async () => {
    setBusy(true);
    const all = await Promise.all(forms.map((f) => f.submit()));
    setBusy(false);
    if (all.every(Boolean)) proceed();
    else reset();
  };
  const leave = () => {
    for (const f of forms) f.discard();
    proceed();
  };
  return (
    <Dialog title={say('leave.title')} onShut={reset} onSubmit={() => void save()}
      foot={<><Button onClick={leave}>{say('leave.discard')}</Button><Button onClick={reset}>{say('leave.stay')}</Button><Button look="go" type="submit" disabled={busy} autoFocus>{say('leave.save')}</Button></>}>
      <Body><p>{say('leave.why')}</p></Body>
    </Dialog>
  );
}
