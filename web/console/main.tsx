// The agents' console: reads where to sign in, then shows the sign-in page or the desk.
import '@relevo/shared/look/tokens.css';
import '@relevo/shared/look/base.css';
import './fonts.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cache } from './shell/desk';
import { ErrorBoundary } from './shell/ErrorBoundary';
import { listenToKeys } from './shell/keys';
import { applyTheme } from './shell/preferences';
import { begin } from './shell/session';
import { makeRouter } from './shell/router';
import { reasonOf } from './shell/toasts';
import { startWords } from './shell/words';

const page = createRoot(document.getElementById('app') as HTMLElement);

async function start(): Promise<void> {
  applyTheme();
  await startWords();
  let fault: string | undefined;
  const signedIn = await begin().catch((cause: unknown) => {
    fault = reasonOf(cause);
    history.replaceState(null, '', location.pathname);
    return false;
  });
  if (!signedIn) {
    const { SignIn } = await import('./shell/SignIn');
    page.render(<StrictMode><SignIn fault={fault} /></StrictMode>);
    return;
  }
  listenToKeys();
  page.render(
    <StrictMode><ErrorBoundary><QueryClientProvider client={cache}><RouterProvider router={makeRouter()} /></QueryClientProvider></ErrorBoundary></StrictMode>,
  );
}

void start();
