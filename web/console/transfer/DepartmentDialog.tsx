import { useState } from 'react';
import { transfer } from '../conversations/acts';
import { findConversation } from '../conversations/cache';
import { Choices } from '../parts/Choices';
import { Body, Dialog } from '../parts/Dialog';
import { shut } from '../shell/stage';
import { useWords } from '../shell/words';
import { useDepartmentOptions } from './departments';

/** Another department by type-ahead: type, Enter (B8). */
export default function DepartmentDialog({ conversation }: { conversation: string }) {
  const say = useWords();
  const options = useDepartmentOptions();
  const [typed, type] = useState('');
  const take = (department: string) => {
    shut();
    void transfer(conversation, { department });
  };
  const here = findConversation(conversation)?.department;
  return (
    <Dialog title={say('assign.department')}>
      <Body><Choices label={say('transfer.findDepartment')} options={options.filter((o) => o.id !== here)} onTaken={take} typed={typed} onTyped={type} empty={say('nothingFound')} /></Body>
    </Dialog>
  );
}
