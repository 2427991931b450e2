import type { Agent, Canned } from '@relevo/shared/api/desk';
import { useId, useState, type RefObject } from 'react';
import { plain } from '../parts/Choices';
import { alive, useAgents, useCanned } from '../shell/desk';
import type { Box } from './box';
import { filled, typedAt } from './suggest';
import { CannedList, MentionList } from './Suggestions';

/** Canned replies after "/", colleagues after "@" in a note. */
export function useSuggestions({ note, box, names }: { note: boolean; box: RefObject<Box | null>; names: { contact: string; agent: string } }) {
  const id = useId();
  const canned = useCanned();
  const agents = alive(useAgents());
  const [typed, setTyped] = useState<ReturnType<typeof typedAt>>();
  const [at, setAt] = useState(0);
  const word = plain(typed?.word ?? '');
  const replies = typed?.sign === '/' ? canned.filter((c) => plain(c.short).startsWith(word)) : [];
  const people = typed?.sign === '@' ? agents.filter((a) => plain(a.name).split(' ').some((w) => w.startsWith(word)) || a.id.startsWith(word)) : [];
  const count = replies.length + people.length;
  const close = () => setTyped(undefined);
  const take = (put: string) => {
    if (!typed) return;
    box.current?.put(put, typed.word.length + 1);
    close();
  };
  const takeCanned = (c: Canned) => take(filled(c.text, names));
  const takeAgent = (a: Agent) => take(`@${a.name} `);
  const key = (e: KeyboardEvent): boolean => {
    if (!typed || count === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) setAt((at + step + count) % count);
    else if (e.key === 'Enter' || e.key === 'Tab') {
      const reply = replies[at], agent = people[at];
      if (reply) takeCanned(reply);
      else if (agent) takeAgent(agent);
    } else if (e.key === 'Escape') close();
    else return false;
    e.stopPropagation();
    return true;
  };
  const look = () => {
    const before = box.current?.before() ?? '';
    setAt(0);
    setTyped(typedAt(before, before.length, note ? '@' : '/'));
  };
  const view = typed && count > 0 && (typed.sign === '/'
    ? <CannedList of={replies} at={at} word={typed.word} names={names} onTake={takeCanned} id={id} />
    : <MentionList of={people} at={at} onTake={takeAgent} id={id} />);
  return { view, key, look, close, list: view ? id : undefined, active: view ? `${id}-${at}` : undefined };
}
