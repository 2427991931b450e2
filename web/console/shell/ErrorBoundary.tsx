import { Component, type ReactNode } from 'react';
import { Button } from '../parts/parts';
import sheet from './signIn.module.css';
import { say } from './words';

/** The last net: a word and a way on, never a blank page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Broken />;
  }
}

export function Broken() {
  return (
    <div className={sheet.center}>
      <div className={sheet.signIn} role="alert"><h1>{say('broken')}</h1><p>{say('broken.kept')}</p><Button look="go" onClick={() => location.reload()}>{say('reload')}</Button></div>
    </div>
  );
}
