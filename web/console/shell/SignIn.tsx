import { useState } from 'react';
import { Button } from '../parts/parts';
import { Mark } from './Rail';
import { signIn } from './session';
import sheet from './signIn.module.css';
import { useWords } from './words';

export function SignIn({ fault }: { fault?: string }) {
  const say = useWords();
  const [failed, fail] = useState(fault);
  return (
    <main className={sheet.center}>
      <div className={sheet.signIn}>
        <Mark /><h1>Relevo</h1><p>{say('signIn.why')}</p>
        <Button look="go" autoFocus onClick={() => void signIn().catch(() => fail(say('signIn.failed')))}>{say('signIn')}</Button>
        {failed && <p role="alert">{failed}</p>}
      </div>
    </main>
  );
}
