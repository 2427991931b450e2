import { UsersRound } from 'lucide-react';
import type { Option } from '../parts/Choices';
import picks from '../parts/choices.module.css';
import { alive, useAgents, useDepartments } from '../shell/desk';
import { useWords } from '../shell/words';

/** Departments to choose from, with how many agents could take work now. */
export function useDepartmentOptions(): Option[] {
  const say = useWords();
  const agents = useAgents();
  return alive(useDepartments()).map((d) => {
    const available = agents.filter((a) => a.seat?.available && a.departments.includes(d.id)).length;
    return {
      id: d.id, text: d.name, icon: UsersRound,
      view: <span className={picks.two}><span>{d.name}</span><small>{say('transfer.agents', { count: d.agents })} · {say('transfer.available', { count: available })}</small></span>,
    };
  });
}
