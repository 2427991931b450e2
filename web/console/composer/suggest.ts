// What is being typed at the caret: "/hol" for a canned reply, "@ine" for a colleague.
export interface Typed {
  sign: '/' | '@';
  word: string;
  /** Where the sign stands. */
  at: number;
}

/** Finds a sign at the beginning of the word in which the caret stands. */
export function typedAt(text: string, caret: number, sign: '/' | '@'): Typed | undefined {
  const m = new RegExp(`(?:^|\\s)[${sign}]([\\p{L}\\p{N}_.-]*)$`, 'u').exec(text.slice(0, caret));
  if (!m) return undefined;
  const word = m[1] ?? '';
  return { sign, word, at: caret - word.length - 1 };
}

/** A canned reply as the customer gets it: {name}, {{contact.name}} and the like become his name. */
export function filled(text: string, names: { contact: string; agent: string }): string {
  return text.replace(/\{\{?\s*(contact\.first_name|contact\.name|contact|name|nombre|nome|agent\.name|agent|agente)\s*\}?\}/gi, (_, which: string) => {
    const key = which.toLowerCase();
    if (key.startsWith('agent')) return names.agent;
    return key === 'contact.first_name' ? names.contact.split(' ')[0] ?? '' : names.contact;
  });
}

/** Those who are mentioned in a note, by the names that stand in it. */
export const mentionsIn = (text: string, agents: readonly { id: string; name: string }[]): string[] =>
  agents.filter((a) => text.includes(`@${a.name}`) || new RegExp(`@${a.id}(?![\\p{L}\\p{N}])`, 'u').test(text)).map((a) => a.id);
