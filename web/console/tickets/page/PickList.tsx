// A field that is chosen in place: a button, and a list at it that is searched as one types.
import { Check, ChevronsUpDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { Choices, type Option } from '../../parts/Choices';
import picks from '../../parts/choices.module.css';
import { Icon, join, OnlyRead } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useWords } from '../../shell/words';
import css from './facts.module.css';

export interface Pickable { id: string; text: string; more?: string; group?: string; mark?: ReactNode }

/** What floats at a field's button; it gives the focus back when it closes. */
export function At({ label, locked, edge, shown, children }: { label: string; locked: boolean; edge?: boolean; shown: ReactNode; children(shut: () => void): ReactNode }) {
  const [open, setOpen] = useState(false);
  if (locked) return <span className={join(css.plain, edge && css.edgePlain)}>{edge && <OnlyRead>{label}: </OnlyRead>}{shown}</span>;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" className={join(parts.pick, edge && css.edge)} data-field=""><OnlyRead>{label}: </OnlyRead>{shown}<Icon of={ChevronsUpDown} size="s" /></button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={join(parts.float, css.float)} sideOffset={4} collisionPadding={8} align="start" aria-label={label}>{children(() => setOpen(false))}</Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

export function PickList({ label, value, options, onPick, locked, edge, shown }: {
  label: string; value: string; options: readonly Pickable[]; onPick(id: string): void; locked: boolean; edge?: boolean; shown: ReactNode;
}) {
  return <At label={label} locked={locked} edge={edge} shown={shown}>{(shut) => <Picking label={label} value={value} options={options} onPick={(id) => { shut(); if (id !== value) onPick(id); }} />}</At>;
}

function Picking({ label, value, options, onPick }: { label: string; value: string; options: readonly Pickable[]; onPick(id: string): void }) {
  const say = useWords();
  const [typed, type] = useState('');
  const listed: Option[] = options.map((o) => ({
    id: o.id || 'none', text: o.text, more: o.more, group: o.group,
    view: <>{o.mark}<span className={css.cut}>{o.text}</span>{o.id === value && <span className={picks.choiceEnd}><Icon of={Check} size="m" /><OnlyRead>{say('ticketPage.chosen')}</OnlyRead></span>}</>,
  }));
  return <Choices label={label} options={listed} typed={typed} onTyped={type} empty={say('nothingFound')} onTaken={(id) => onPick(id === 'none' ? '' : id)} />;
}
