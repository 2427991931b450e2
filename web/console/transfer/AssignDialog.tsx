import { useState } from 'react';
import { assign } from '../conversations/acts';
import { Choices } from '../parts/Choices';
import { Body, Dialog } from '../parts/Dialog';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { useAgentOptions } from './agents';

/** Assign by type-ahead: a, type, Enter (B8). */
export default function AssignDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const { options, find } = useAgentOptions();
  const [typed, type] = useState('');
  const take = (id: string) => {
    const agent = find(id);
    shut();
    if (agent) void assign(conversation, agent);
  };
  return (
    <Dialog title={say('assign.title')}>
      <Body><Choices label={say('transfer.findAgent')} options={options} onTaken={take} typed={typed} onTyped={type} empty={say('nothingFound')} /></Body>
    </Dialog>
  );
}
