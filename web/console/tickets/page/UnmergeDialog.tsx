// Takes a merge back, once it is said what comes back (B105).
import type { Ticket } from '@relevo/shared/api/desk';
import { useState } from 'react';
import { Body, Cancel, Dialog } from '../../parts/Dialog';
import parts from '../../parts/parts.module.css';
import { data, desk } from '../../shell/desk';
import { complain, toast } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { rereadOpened } from './opened';

export function UnmergeDialog({ of: t, heir, onShut }: { of: Ticket; heir: number; onShut(): void }) {
  const say = useWords();
  const [busy, work] = useState(false);
  const unmerge = async () => {
    if (busy) return;
    work(true);
    try {
      await data(desk.POST('/v1/tickets/{number}/unmerge', { params: { path: { number: t.number } } }));
      toast(say('options.unmerged', { number: t.number }), { tone: 'done' });
    } catch (cause) {
      complain(cause);
    }
    await Promise.all([rereadOpened(t.number), rereadOpened(heir)]); // its actions follow; the desk tells of them
    onShut();
  };
  return (
    <Dialog title={say('options.unmergeTitle', { number: t.number })} onShut={onShut} onSubmit={() => void unmerge()}
      foot={<><span /><Cancel /><button type="submit" className={`${parts.button} ${parts.go}`} disabled={busy} aria-busy={busy}>{say('options.unmerge')}</button></>}>
      <Body><p>{say('options.unmergeHint', { heir })}</p></Body>
    </Dialog>
  );
}
