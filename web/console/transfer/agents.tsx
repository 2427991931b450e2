import type { Agent } from '@relevo/shared/api/desk';
import type { Option } from '../parts/Choices';
import { Fill, Who } from '../parts/parts';
import picks from '../parts/choices.module.css';
import { nameOf, useAgents, useDepartments } from '../shell/desk';
import { useWords } from '../shell/words';

/** Agents to choose from: those who can take work come first, with presence and load (B43-B45). */
export function useAgentOptions(): { options: Option[]; find(id: string): Agent | undefined } {
  const say = useWords();
  const agents = useAgents();
  const departments = useDepartments();
  const able = agents.filter((a) => !a.deleted && a.role !== 'viewer');
  const options = able.toSorted((a, b) => Number(b.seat?.available ?? false) - Number(a.seat?.available ?? false)).map((a): Option => ({
    id: a.id, text: a.name, more: a.email, group: a.seat?.available ? undefined : say('transfer.away'),
    view: (
      <>
        <Who agent={a} size="m" presence={a.seat?.presence ?? 'disconnected'} />
        <span className={picks.two}><span>{a.name}</span><small>{[say(`presence.${a.seat?.presence ?? 'disconnected'}`), ...a.departments.map((d) => nameOf(departments, d))].join(' · ')}</small></span>
        <span className={picks.choiceEnd}><Fill share={(a.seat?.load ?? 0) / Math.max(1, a.capacity)} />{a.seat?.load ?? 0}/{a.capacity}</span>
      </>
    ),
  }));
  return { options, find: (id) => able.find((a) => a.id === id) };
}
