import { useQuery } from '@tanstack/react-query';
import { Bot as BotIcon, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Body, Dialog } from '../parts/Dialog';
import { Button, Icon } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { alive, nameOf, useInboxes } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { CopyLine, Select, Text } from './fields';
import { botsQuery, createBot, deleteBot, newID, type Bot } from './nouns';
import { Delete, Rows, Sheet } from './parts';
import css from './settings.module.css';
import { useForm } from './useForm';

/** Programs that answer first, each with a token of its own (B54). */
export default function Bots({ id }: { id: string | undefined }) {
  const say = useWords();
  const all = useQuery(botsQuery);
  const inboxes = useInboxes();
  const [token, show] = useState<{ bot: string; token: string }>();
  return (
    <>
      <Rows path="bots" title={say('set.bots')} lead={say('bots.lead')} at={id} items={all.data && alive(all.data)} failed={all.isError ? reasonOf(all.error) : undefined} retry={() => void all.refetch()}
        text={(b) => b.name} add={say('bots.add')} emptyIcon={BotIcon} empty={say('bots.none')} emptyHint={say('bots.noneHint')}
        row={(b) => <><Icon of={KeyRound} /><span className={css.rowName}>{b.name}</span><span className={css.rowEnd}>{nameOf(inboxes, b.inbox)}</span></>}
        form={(b, close) => (b ? <Known of={b} close={close} /> : <Fresh close={close} told={(bot, secret) => show({ bot, token: secret })} />)} />
      {token && (
        <Dialog title={say('bots.token', { name: token.bot })} wide onShut={() => show(undefined)} onSubmit={() => show(undefined)} foot={<><span /><Button look="go" type="submit">{say('bots.kept')}</Button></>}>
          <Body><p>{say('bots.tokenOnce')}</p><CopyLine text={token.token} label={say('bots.tokenLabel')} /></Body>
        </Dialog>
      )}
    </>
  );
}

function Fresh({ close, told }: { close(): void; told(bot: string, token: string): void }) {
  const say = useWords();
  const [clientID] = useState(newID);
  const inboxes = alive(useInboxes());
  const form = useForm({
    key: 'bot-new', noun: 'bot', start: { name: '', inbox: '' },
    save: async (v) => {
      const token = await createBot(clientID, v);
      if (token) told(v.name, token);
    },
    check: (v) => (!v.name.trim() ? { field: 'name', kind: 'required' } : v.inbox ? undefined : { field: 'inbox', kind: 'required' }),
  });
  return (
    <Sheet form={form} fresh={say('bots.add')} done={close}>
      <Text form={form} name="name" label={say('set.name')} max={100} autoFocus />
      <Select form={form} name="inbox" label={say('inbox')} help={say('bots.inboxHelp')} options={[{ id: '', text: say('set.choose'), disabled: true }, ...inboxes.map((b) => ({ id: b.id, text: b.name }))]} />
    </Sheet>
  );
}

function Known({ of, close }: { of: Bot; close(): void }) {
  const say = useWords();
  const inbox = useInboxes().find((b) => b.id === of.inbox);
  return (
    <div className={css.sheet}>
      <p className={parts.help}>{say('bots.bound', { inbox: inbox?.name ?? of.inbox })}</p>
      <footer className={css.saveBar}><Delete noun="bot" name={of.name} what={say('bots.deleteWhat')} run={() => deleteBot(of.id)} done={close} /><span className={css.saveState} /></footer>
    </div>
  );
}
