import type { Canned } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { Zap } from 'lucide-react';
import { useState } from 'react';
import { filled } from '../composer/suggest';
import parts from '../parts/parts.module.css';
import { alive, cannedQuery, useMe } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { Text } from './fields';
import { deleteCanned, newID, saveCanned } from './nouns';
import { Delete, Rows, Sheet } from './parts';
import css from './settings.module.css';
import { useForm } from './useForm';

const shortName = /^[\p{L}\p{N}_-]{1,40}$/u;

/** The replies that "/" lists (B28). */
export default function CannedReplies({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(cannedQuery);
  return (
    <Rows path="canned" title={say('canned')} lead={say('canned.lead')} at={id} items={all.data && alive(all.data)} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
      text={(c) => `${c.short} ${c.text}`} add={say('canned.add')} emptyIcon={Zap} empty={say('canned.none')} emptyHint={say('canned.noneHint')}
      row={(c) => <><code className={css.shortName}>/{c.short}</code><span className={css.rowMore}>{c.text}</span></>}
      form={(c, close) => <CannedForm key={c?.id ?? 'new'} of={c} close={close} />} />
  );
}

function CannedForm({ of, close }: { of: Canned | undefined; close(): void }) {
  const say = useWords();
  const { agent } = useMe();
  const [clientID] = useState(newID);
  const form = useForm({
    key: `canned-${of?.id ?? 'new'}`, noun: 'canned', start: { short: of?.short ?? '', text: of?.text ?? '' },
    save: (v) => saveCanned(of?.id, clientID, v),
    check: ({ short, text }) => (!shortName.test(short) ? { field: 'short', kind: short ? 'invalid' : 'required' } : !text.trim() ? { field: 'text', kind: 'required' } : undefined),
  });
  const { short, text } = form.value;
  return (
    <Sheet form={form} fresh={of ? undefined : say('canned.add')} done={close}
      foot={of && <Delete noun="canned" name={`/${of.short}`} what={say('canned.deleteWhat')} run={() => deleteCanned(of.id)} done={() => { form.discard(); close(); }} />}>
      <Text form={form} name="short" label={say('canned.short')} help={say('canned.shortHelp', { short: short || 'hola' })} max={40} short autoFocus />
      <Text form={form} name="text" label={say('canned.text')} help={say('canned.textHelp', { name: '{name}', agent: '{agent}' })} max={5000} area={4} />
      {text.trim() && (
        <div className={parts.field}>
          <span className={parts.label}>{say('canned.asSent')}</span>
          <p className={css.said}>{filled(text, { contact: 'Marta Gómez', agent: agent.name })}</p>
        </div>
      )}
    </Sheet>
  );
}
