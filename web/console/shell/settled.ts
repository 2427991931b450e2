import { useEffect, useState } from 'react';

const pause = 150; // milliseconds after the last letter

/** A text once it has not changed for a moment: what is asked of the desk as one types. */
export function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
