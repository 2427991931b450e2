// Transfer by keyboard: t, type, Enter, Enter.
import { useQueryClient } from '@tanstack/react-query';
import { CirclePause } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { transfer } from '../conversations/acts';
import { findConversation } from '../conversations/cache';
import { Choices, found } from '../parts/Choices';
import { Body, Cancel, Dialog } from '../parts/Dialog';
import { Button, Icon, Key } from '../parts/parts';
import css from '../parts/parts.module.css';
import dialogs from '../parts/dialog.module.css';
import { useDraft } from '../parts/useDraft';
import { agentsQuery, useMe } from '../shell/desk';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { useAgentOptions } from './agents';
import { useDepartmentOptions } from './departments';

type Tab = 'departments' | 'agents';

export default function TransferDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const query = useQueryClient();
  useEffect(() => void query.invalidateQueries({ queryKey: agentsQuery.queryKey }), [query]);
  const [tab, setTab] = useState<Tab>('departments');
  const [typed, type] = useState('');
  const [picked, choose] = useState<string>();
  const { value: { reason }, set } = useDraft(`transfer.${conversation}`, { reason: '' });
  const [sure, ask] = useState(false);
  const submit = useRef<HTMLButtonElement>(null);
  const people = useAgentOptions();
  const departments = useDepartmentOptions();
  const holder = findConversation(conversation)?.assignee;
  const me = useMe().agent.id;
  const others = people.options.filter((o) => o.id !== holder && o.id !== me);
  const options = tab === 'agents' ? others : departments;
  const chosen = picked ?? found(options, typed)[0]?.id;
  const agent = tab === 'agents' && chosen ? people.find(chosen) : undefined;
  const go = () => {
    if (!chosen) return;
    if (agent && !agent.seat?.available && !sure) return ask(true);
    const text = options.find((o) => o.id === chosen)?.text ?? '';
    shut();
    void transfer(conversation, { [tab === 'agents' ? 'agent' : 'department']: chosen, ...(reason.trim() ? { reason: reason.trim() } : {}) }, text);
  };
  useEffect(() => { if (sure) submit.current?.focus(); }, [sure]);
  if (sure && agent) {
    return (
      <Dialog title={say('transfer.to', { to: agent.name })} onSubmit={go} foot={<><Button onClick={() => ask(false)}>{say('back')}</Button><button ref={submit} type="submit" className={`${css.button} ${css.go}`}>{say('transfer.anyway')}</button></>}>
        <Body><p className={dialogs.notice}><Icon of={CirclePause} /><span>{say('transfer.willWait', { presence: say(`presence.${agent.seat?.presence ?? 'disconnected'}`).toLowerCase() })}</span></p></Body>
      </Dialog>
    );
  }
  const tabs: Tab[] = ['departments', 'agents'];
  const turn = (next: Tab) => { setTab(next); type(''); choose(undefined); };
  return (
    <Dialog title={say('transfer.title')} onSubmit={go} foot={(
      <>
        <span className={css.help} data-hint=""><Key>↑</Key> <Key>↓</Key> {say('keys.choose')} · <Key>←</Key> <Key>→</Key> {say('keys.tab')} · <Key>↵</Key> {say('act.transfer').toLowerCase()}</span>
        <Cancel /><button ref={submit} type="submit" className={`${css.button} ${css.go}`} disabled={!chosen}>{say('act.transfer')}</button>
      </>
    )}>
      <div className={dialogs.tabs} role="tablist" aria-label={say('transfer.where')} onKeyDown={(e) => { if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') turn(tab === 'agents' ? 'departments' : 'agents'); }}>
        {tabs.map((t) => (
          <button key={t} type="button" role="tab" className={dialogs.tab} aria-selected={t === tab} tabIndex={t === tab ? 0 : -1} onClick={() => turn(t)}>
            {say(t)} <span className={dialogs.tabCount}>{t === 'agents' ? others.length : departments.length}</span>
          </button>
        ))}
      </div>
      <div onKeyDown={(e) => { if (!typed && (e.key === 'ArrowRight' || e.key === 'ArrowLeft') && e.target instanceof HTMLInputElement) { e.preventDefault(); turn(tab === 'agents' ? 'departments' : 'agents'); } }}>
        <Body>
          <Choices key={tab} label={say(tab === 'agents' ? 'transfer.findAgent' : 'transfer.findDepartment')} options={options} chosen={chosen} onChosen={choose}
            onTaken={(id) => { choose(id); submit.current?.focus(); }} typed={typed} onTyped={type} empty={say('nothingFound')} />
          <label className={css.field}><span className={css.label}>{say('transfer.reason')}</span>
            <textarea className={css.input} rows={2} maxLength={500} value={reason} placeholder={say('transfer.reasonHint')} onChange={(e) => set({ reason: e.target.value })} /></label>
        </Body>
      </div>
    </Dialog>
  );
}
