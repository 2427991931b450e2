// What stands around every screen: the rail, the banner when the line is lost, the dialogs and the toasts.
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, WifiOff, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { loadBeside } from '../conversations/beside';
import { Button, DrainingRing, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import sheet from './signIn.module.css';
import { useCell } from './cell';
import { agentsQuery, cache, cannedQuery, departmentsQuery, inboxesQuery, labelsQuery, meQuery, notificationsQuery, useNotifications } from './desk';
import { onKey } from './keys';
import { language } from './preferences';
import { leftTicket } from './left';
import { sessionLost } from './session';
import css from './shell.module.css';
import { open, stage, type Scene } from './stage';
import { dismiss, reasonOf, toast, toasts } from './toasts';
import { lineState, useOutbox } from './waiting';
import { allWords, nearest, speak, useWords } from './words';

export function Frame() {
  const say = useWords();
  const me = useQuery(meQuery);
  useNouns(me.isSuccess);
  useLanguage(me.data?.agent.language);
  useTitleCount();
  useGlobalKeys();
  useTicketAfterClose();
  const lost = useCell(sessionLost);
  if (!me.data) {
    if (lost) return <Suspense fallback={null}><SessionOver /></Suspense>;
    return (
      <div className={sheet.center}>
        {me.isError ? <div className={sheet.signIn}><Icon of={CircleAlert} /><h1>{say('frame.failed')}</h1><p role="alert">{reasonOf(me.error)}</p><Button look="go" onClick={() => void me.refetch()}>{say('retry')}</Button></div>
          : <p className={parts.onlyRead} role="status">{say('list.loading')}</p>}
      </div>
    );
  }
  return (
    <div className={css.app}>
      <Banner />
      <Outlet />
      <Toasts />
      <Stage />
    </div>
  );
}

function useNouns(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    for (const q of [agentsQuery, departmentsQuery, inboxesQuery, labelsQuery, cannedQuery, notificationsQuery]) void cache.prefetchQuery(q as typeof labelsQuery);
    const idle = (run: () => void) => ('requestIdleCallback' in window ? window.requestIdleCallback(run, { timeout: 500 }) : setTimeout(run));
    idle(() => void import('./live').then(({ startLive }) => startLive()));
    idle(() => void loadBeside().then(() => Promise.all([import('../parts/MenuOpened'), import('./Scenes'), import('./SessionOver')])));
  }, [ready]);
}

function useLanguage(own: string | undefined): void {
  const chosen = useCell(language);
  useEffect(() => {
    if (own) void speak(chosen || nearest(own));
  }, [own, chosen]);
}

function useTitleCount(): void {
  const unread = useNotifications().filter((n) => !n.read).length;
  const badged = useRef(false);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Relevo` : 'Relevo';
    if (unread > 0 || badged.current) void import('./icon').then(({ badge }) => badge(unread));
    badged.current = unread > 0;
  }, [unread]);
}

function useGlobalKeys(): void {
  const go = useNavigate();
  useEffect(() => {
    const to = (address: string) => () => void go({ to: address });
    const off = [onKey('?', () => open({ kind: 'shortcuts' })), onKey('g c', to('/conversations/mine')), onKey('g t', to('/tickets')), onKey('g s', to('/settings'))];
    return () => off.forEach((f) => f());
  }, [go]);
}

/** After closing, the ticket opens so that the agent finishes there (B60). */
function useTicketAfterClose(): void {
  const go = useNavigate();
  const say = useWords();
  const left = useCell(leftTicket);
  useEffect(() => {
    if (!left) return;
    leftTicket.set(undefined);
    const to = { to: '/tickets/$number', params: { number: String(left.number) } } as const;
    if (location.pathname.endsWith(`/${left.conversation}`)) void go(to);
    else toast(say('close.ticketLeft', { number: left.number }), { tone: 'done', action: { text: say('open'), run: () => void go(to) } });
  }, [left, go, say]);
}

const patience = 3000; // a line that is back sooner is not worth a word

function Banner() {
  const say = useWords();
  const state = useCell(lineState);
  const waiting = useOutbox().filter((e) => !e.refused && e.kind === 'message').length;
  const [long, setLong] = useState(false);
  const [back, setBack] = useState(0);
  const queued = useRef(0);
  if (!state.up) queued.current = Math.max(queued.current, waiting);
  useEffect(() => {
    if (!state.up) {
      const timer = setTimeout(() => setLong(true), patience);
      return () => clearTimeout(timer);
    }
    if (!long) return undefined;
    setLong(false);
    setBack(queued.current + 1);
    queued.current = 0;
    const timer = setTimeout(() => setBack(0), patience);
    return () => clearTimeout(timer);
  }, [state.up]); // long is read as it was when the line came back
  if (!state.up && long) {
    return (
      <p className={parts.banner} role="status"><Icon of={WifiOff} size="m" />{say('offline')} {waiting > 0 && say('offline.waiting', { count: waiting })}
        <button type="button" className={parts.lateButton} onClick={() => void import('./live').then(({ line }) => line().nudge())}>{say('offline.now')}</button></p>
    );
  }
  if (back > 0) return <p className={join(parts.banner, parts.bannerDone)} role="status"><Icon of={CircleCheck} size="m" />{say('online')} {back > 1 && say('online.sent', { count: back - 1 })}</p>;
  return null;
}

function Toasts() {
  const say = useWords();
  return (
    <div className={css.toasts} role="status" aria-live="polite">
      {useCell(toasts).map((t) => (
        <div key={t.id} className={join(parts.float, css.toast)} data-tone={t.tone}>
          {t.drains ? <DrainingRing over={t.drains} /> : t.tone === 'plain' ? null : <Icon of={t.tone === 'done' ? CircleCheck : CircleAlert} />}
          <span>{t.text}</span>
          {t.action ? <Button onClick={t.action.run}><span className={parts.textButton}>{t.action.text}</span></Button> : <Button icon={X} tiny name={say('toast.shut')} onClick={() => dismiss(t.id)} />}
        </div>
      ))}
    </div>
  );
}

const Scenes = lazy(() => allWords().then(() => import('./Scenes')));
const SessionOver = lazy(() => allWords().then(() => import('./SessionOver')));

function Stage() {
  const scene: Scene | undefined = useCell(stage);
  const lost = useCell(sessionLost);
  if (lost) return <Suspense fallback={null}><SessionOver /></Suspense>;
  return scene ? <Suspense fallback={null}><Scenes scene={scene} /></Suspense> : null;
}
