// WhatsApp's approved templates, as they are edited.
export interface Template { name: string; language: string; body: string }

/** Values that a body wants: the highest number of {{n}}. */
export const valuesOf = (body: string): number => Math.max(0, ...[...body.matchAll(/\{\{(\d{1,2})\}\}/g)].map((m) => Number(m[1])));

/** What is wrong with the first that is, as the desk names it and where it stands. */
export function wrongTemplate(all: readonly Template[]): { at: number; field: 'name' | 'language' | 'body' } | undefined {
  for (const [at, t] of all.entries()) {
    if (!/^[a-z0-9_]{1,512}$/.test(t.name) || all.some((other, i) => i < at && other.name === t.name && other.language === t.language)) return { at, field: 'name' };
    if (t.language.length < 2 || t.language.length > 15) return { at, field: 'language' };
    if (!t.body.trim() || t.body.length > 1024) return { at, field: 'body' };
  }
  return undefined;
}
