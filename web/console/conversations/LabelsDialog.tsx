import { Check, Tag } from 'lucide-react';
import { useState } from 'react';
import { Choices } from '../parts/Choices';
import { Body, Dialog } from '../parts/Dialog';
import { Icon } from '../parts/parts';
import picks from '../parts/choices.module.css';
import { alive, useLabels } from '../shell/desk';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { setLabels } from './acts';
import { findConversation } from './cache';

/** Puts labels on and takes them off (B34). */
export default function LabelsDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const labels = alive(useLabels());
  const [typed, type] = useState('');
  const [on, set] = useState<string[]>(() => findConversation(conversation)?.labels ?? []);
  const toggle = (id: string) => {
    const next = on.includes(id) ? on.filter((l) => l !== id) : [...on, id];
    set(next);
    void setLabels(conversation, next);
  };
  return (
    <Dialog title={say('act.label')} onSubmit={shut}>
      <Body>
        <Choices label={say('labels.find')} typed={typed} onTyped={type} onTaken={toggle} empty={say('nothingFound')}
          options={labels.map((l) => ({ id: l.id, text: l.name, icon: Tag, view: <><span>{l.name}</span><span className={picks.choiceEnd}>{on.includes(l.id) && <Icon of={Check} />}</span></> }))} />
      </Body>
    </Dialog>
  );
}
