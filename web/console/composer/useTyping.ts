import { useEffect, useRef } from 'react';
import { line } from '../shell/live';
import { saidIn } from '../shell/typists';

/** Whoever types on is told of once in this time, in ms: each frame is paid for, and what ends it is told. */
const tellEvery = 90_000;
/** After so long without a key, in ms, one no longer types. */
const pause = 15_000;

/** Tells the customer and colleagues that one types, and once that one stopped: but not when that is because it was sent,
 *  for the message says so. */
export function useTyping(id: string, wanted: boolean): { tell: (on: boolean) => void; sent: () => void } {
  const told = useRef(0), pausing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = (on: boolean) => {
    clearTimeout(pausing.current);
    if (!wanted) return;
    if (on) pausing.current = setTimeout(() => last.current(false), pause);
    if (on ? Date.now() - told.current < tellEvery : told.current === 0) return;
    if (line().send({ type: 'typing', conversation: id, on })) told.current = on ? Date.now() : 0; // what did not go is told at the next letter
  };
  const last = useRef(tell);
  last.current = tell;
  useEffect(() => {
    const stop = () => last.current(false);
    addEventListener('pagehide', stop); // it would be believed for long
    return () => {
      removeEventListener('pagehide', stop);
      stop();
    };
  }, []);
  // What was told after sending and before the message was there is gone with it: the next letter tells again.
  useEffect(() => saidIn.subscribe(() => { if (saidIn.get()?.conversation === id) told.current &&= 1; }), [id]);
  return {
    tell,
    sent() {
      clearTimeout(pausing.current);
      told.current = 0;
    },
  };
}
