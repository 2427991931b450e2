// What is rarely done with a ticket: look at its details and its targets, duplicate, merge and take that back, delete, copy its address (B105).
import type { Ticket } from '@relevo/shared/api/desk';
import { newID } from '@relevo/shared/live/outbox';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, Copy, Gauge, GitMerge, Info, Link2, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Body, Cancel, Dialog } from '../../parts/Dialog';
import { Menu, type Items } from '../../parts/Menu';
import { Icon } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { data, desk, useMe } from '../../shell/desk';
import { complain, toast } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { FindTicket } from '../FindTicket';
import { DetailsDialog } from './DetailsDialog';
import { rereadOpened } from './opened';
import { SlaDialog } from './SlaDialog';
import { UnmergeDialog } from './UnmergeDialog';

export function Options({ of: t, locked }: { of: Ticket; locked: boolean }) {
  const say = useWords();
  const go = useNavigate();
  const role = useMe().agent.role;
  const [asked, ask] = useState<'details' | 'sla' | 'merge' | 'unmerge' | 'delete'>();
  const at = { params: { path: { number: t.number } } };
  const show = (number: number) => void go({ to: '/tickets/$number', params: { number: String(number) } });
  const copyLink = () => void navigator.clipboard.writeText(location.href).then(() => toast(say('options.linkCopied'), { tone: 'done' }), () => toast(location.href));
  const duplicate = () => void data(desk.POST('/v1/tickets/{number}/duplicate', { ...at, body: { client_id: newID() } })).then((made) => {
    toast(say('options.duplicated', { number: made.number }), { tone: 'done' });
    show(made.number);
  }, complain);
  const remove = () => {
    ask(undefined);
    void data(desk.DELETE('/v1/tickets/{number}', at)).then(() => {
      toast(say('options.deleted', { number: t.number }), { tone: 'done' });
      void go({ to: '/tickets' });
    }, complain);
  };
  const merge = (heir: Ticket) => {
    ask(undefined);
    void data(desk.POST('/v1/tickets/{number}/merge', { ...at, body: { ticket: heir.number } })).then(() => {
      toast(say('options.merged', { number: t.number, heir: heir.number }), { tone: 'done' });
      void rereadOpened(t.number);
      show(heir.number);
    }, (cause: unknown) => { complain(cause); void rereadOpened(t.number); });
  };
  const items = (): Items => [
    { icon: Info, text: say('options.details'), run: () => ask('details') },
    { icon: Gauge, text: say('options.sla'), run: () => ask('sla') },
    'rule',
    { icon: Link2, text: say('options.copyLink'), run: copyLink },
    ...(role === 'viewer' ? [] : [{ icon: Copy, text: say('options.duplicate'), run: duplicate }]),
    ...(locked ? [] : [{ icon: GitMerge, text: say('options.merge'), run: () => ask('merge') }]),
    ...(role !== 'viewer' && t.merged_into ? [{ icon: Undo2, text: say('options.unmerge'), run: () => ask('unmerge') }] : []),
    ...(role === 'administrator' ? ['rule' as const, { icon: Trash2, text: say('options.delete'), run: () => ask('delete') }] : []),
  ];
  return (
    <>
      <Menu label={say('options')} items={items}><button type="button" className={parts.button}>{say('options')}<Icon of={ChevronDown} size="m" /></button></Menu>
      {asked === 'details' && <DetailsDialog of={t} onShut={() => ask(undefined)} />}
      {asked === 'sla' && <SlaDialog of={t} onShut={() => ask(undefined)} />}
      {asked === 'merge' && <MergeDialog of={t} onTaken={merge} onShut={() => ask(undefined)} />}
      {asked === 'unmerge' && t.merged_into && <UnmergeDialog of={t} heir={t.merged_into} onShut={() => ask(undefined)} />}
      {asked === 'delete' && (
        <Dialog title={say('options.deleteTitle', { number: t.number })} onShut={() => ask(undefined)} onSubmit={remove} foot={<><span /><Cancel /><button type="submit" className={`${parts.button} ${parts.go}`}>{say('options.delete')}</button></>}>
          <Body><p>{say('options.deleteHint')}</p></Body>
        </Dialog>
      )}
    </>
  );
}

/** Which ticket it goes into; asked once more. */
function MergeDialog({ of: t, onTaken, onShut }: { of: Ticket; onTaken(heir: Ticket): void; onShut(): void }) {
  const say = useWords();
  const [heir, set] = useState<Ticket>();
  const fits = heir && heir.number !== t.number;
  return (
    <Dialog title={say('options.mergeTitle', { number: t.number })} onShut={onShut} onSubmit={() => { if (fits) onTaken(heir); }}
      foot={heir && <><span /><Cancel /><button type="submit" className={`${parts.button} ${parts.go}`} disabled={!fits}>{say('options.merge')}</button></>}>
      <Body>
        <p className={parts.help}>{say('options.mergeHint')}</p>
        {heir ? <p>{fits ? say('options.mergeInto', { heir: heir.number, subject: heir.subject ?? '' }) : <span role="alert">{say('options.mergeSelf')}</span>} <button type="button" className={parts.textButton} onClick={() => set(undefined)}>{say('close.otherTicket')}</button></p>
          : <FindTicket contact={t.requester} onTaken={set} />}
      </Body>
    </Dialog>
  );
}
