import { useState } from 'react';
import { Body, Dialog } from '../../parts/Dialog';
import { Button } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { reasonOf } from '../../shell/toasts';
import { useWords } from '../../shell/words';
import { CopyLine, Fault } from '../fields';
import { makeIdentitySecret, type Inbox } from '../nouns';
import css from '../settings.module.css';
import { example } from './install';

/** The secret with which the site's server vouches for who is signed in there. */
export function Identity({ inbox }: { inbox: Inbox }) {
  const say = useWords();
  const [step, go] = useState<'idle' | 'asked' | 'busy'>('idle');
  const [secret, show] = useState('');
  const [fault, setFault] = useState('');
  const make = () => {
    go('busy');
    setFault('');
    makeIdentitySecret(inbox.id).then(show, (cause: unknown) => setFault(reasonOf(cause))).finally(() => go('idle'));
  };
  return (
    <div className={parts.field}>
      <span className={parts.label}>{say('identity.title')}</span>
      <p className={parts.help}>{say(inbox.identity_secret_set ? 'identity.set' : 'identity.help')}</p>
      <div className={css.stepActs}>
        <Button look="edge" disabled={step === 'busy'} onClick={() => (inbox.identity_secret_set ? go('asked') : make())}>{say(inbox.identity_secret_set ? 'identity.renew' : 'identity.make')}</Button>
        {fault && <Fault>{fault}</Fault>}
      </div>
      {step === 'asked' && (
        <Dialog title={say('identity.renew')} onShut={() => go('idle')} onSubmit={make} foot={<><span /><Button onClick={() => go('idle')}>{say('cancel')}</Button><Button look="go" type="submit" autoFocus>{say('identity.renew')}</Button></>}>
          <Body><p>{say('identity.renewWhat')}</p></Body>
        </Dialog>
      )}
      {secret && (
        <Dialog title={say('identity.title')} wide onShut={() => show('')} onSubmit={() => show('')} foot={<><span /><Button look="go" type="submit">{say('bots.kept')}</Button></>}>
          <Body>
            <p>{say('identity.once')}</p><CopyLine text={secret} label={say('identity.secret')} />
            <p className={parts.help}>{say('identity.example')}</p><CopyLine text={example} label={say('identity.call')} />
          </Body>
        </Dialog>
      )}
    </div>
  );
}
