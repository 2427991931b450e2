// The first steps of a desk, and which of them are taken: read off what is there, so that they tick themselves.
export interface Known {
  departments: readonly { id: string; deleted?: boolean }[];
  inboxes: readonly { id: string; channel: string; key: string; deleted?: boolean }[];
  agents: readonly { id: string; departments: readonly string[]; deleted?: boolean }[];
  canned: readonly { id: string; deleted?: boolean }[];
  labels: readonly { id: string; deleted?: boolean }[];
  /** Whether a customer has ever written. */
  written: boolean;
}

export const steps = ['departments', 'inbox', 'team', 'replies'] as const;
export type Step = (typeof steps)[number];

const alive = <T extends { deleted?: boolean }>(all: readonly T[]): T[] => all.filter((n) => !n.deleted);

/** The steps that are taken. */
export function taken(known: Known): Step[] {
  const agents = alive(known.agents);
  const done: Record<Step, boolean> = {
    departments: alive(known.departments).some((d) => agents.some((a) => a.departments.includes(d.id))),
    inbox: alive(known.inboxes).length > 0 && known.written,
    team: agents.length > 1,
    replies: alive(known.canned).length > 0 && alive(known.labels).length > 0,
  };
  return steps.filter((s) => done[s]);
}

/** A desk at which nobody can write yet: its administrator begins with the guide. */
export const bare = (known: Pick<Known, 'inboxes'>): boolean => alive(known.inboxes).length === 0;
