import type { Label } from '@relevo/shared/api/desk';
import { useQuery } from '@tanstack/react-query';
import { Tag } from 'lucide-react';
import { useState } from 'react';
import { alive, labelsQuery } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { Color, Dot } from './Color';
import { isColor } from './color';
import { Text } from './fields';
import { deleteLabel, newID, saveLabel } from './nouns';
import { Delete, Rows, Sheet } from './parts';
import css from './settings.module.css';
import { useForm } from './useForm';

/** The words by which conversations are sorted. */
export default function Labels({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(labelsQuery);
  return (
    <Rows path="labels" title={say('labels')} lead={say('labels.lead')} at={id} items={all.data && alive(all.data)} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
      text={(l) => l.name} add={say('labels.add')} emptyIcon={Tag} empty={say('labels.none')} emptyHint={say('labels.noneHint')}
      row={(l) => <><Dot color={l.color} /><span className={css.rowName}>{l.name}</span></>}
      form={(l, close) => <LabelForm key={l?.id ?? 'new'} of={l} close={close} />} />
  );
}

function LabelForm({ of, close }: { of: Label | undefined; close(): void }) {
  const say = useWords();
  const [clientID] = useState(newID);
  const form = useForm({
    key: `label-${of?.id ?? 'new'}`, noun: 'label', start: { name: of?.name ?? '', color: of?.color ?? '' },
    save: (v) => saveLabel(of?.id, clientID, v),
    check: (v) => (!v.name.trim() ? { field: 'name', kind: 'required' } : v.color && !isColor(v.color) ? { field: 'color', kind: 'invalid' } : undefined),
  });
  return (
    <Sheet form={form} fresh={of ? undefined : say('labels.add')} done={close}
      foot={of && <Delete noun="label" name={of.name} what={say('labels.deleteWhat')} run={() => deleteLabel(of.id)} done={() => { form.discard(); close(); }} />}>
      <Text form={form} name="name" label={say('set.name')} max={50} autoFocus />
      <Color form={form} />
    </Sheet>
  );
}
