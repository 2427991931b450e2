import { useEffect, useRef } from 'react';
import { line } from '../shell/live';

const tellEvery = 3000;

/** Tells the customer and colleagues that one types, and once that one stopped: but not when that is because it was sent,
 *  for the message says so, and each frame is paid for. */
export function useTyping(id: string, wanted: boolean): { tell: (on: boolean) => void; sent: () => void } {
  const told = useRef(0);
  const tell = (on: boolean) => {
    if (!wanted || (on ? Date.now() - told.current < tellEvery : told.current === 0)) return;
    told.current = on ? Date.now() : 0;
    line.send({ type: 'typing', conversation: id, on });
  };
  const last = useRef(tell);
  last.current = tell;
  useEffect(() => () => last.current(false), []);
  return { tell, sent: () => (told.current = 0) };
}
