import parts from '../../parts/parts.module.css';
import { useMe } from '../../shell/desk';
import { useWords } from '../../shell/words';
import { CopyLine } from '../fields';
import { Part } from '../parts';
import { secretsOf, webhook } from './meta';

/** What connects a WhatsApp inbox with Meta's app: where Meta sends, and under which names the operator keeps the secrets. */
export function ConnectMeta({ inbox }: { inbox: string }) {
  const say = useWords();
  const { account } = useMe();
  const line = (name: 'webhook' | 'id' | 'secrets', text: string) => <CopyLine text={text} label={say(`connect.${name}`)} />;
  return (
    <Part title={say('connect.title')}>
      <div className={parts.field}><span className={parts.label}>{say('connect.webhook')}</span><p className={parts.help}>{say('connect.webhookHelp')}</p>{line('webhook', webhook(location.origin, account.id, inbox))}</div>
      <div className={parts.field}><span className={parts.label}>{say('connect.id')}</span>{line('id', inbox)}</div>
      <div className={parts.field}><span className={parts.label}>{say('connect.secrets')}</span><p className={parts.help}>{say('connect.secretsHelp')}</p>{line('secrets', secretsOf(inbox).join('\n'))}</div>
    </Part>
  );
}
