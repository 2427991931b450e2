// A menu at a button. Radix places it and moves the focus; it comes after the first paint.
import type { LucideIcon } from 'lucide-react';
import { allWords } from '../shell/words';
import { lazy, Suspense, useState, type ReactElement } from 'react';

export interface Item {
  icon?: LucideIcon;
  text: string;
  end?: string;
  checked?: boolean;
  disabled?: boolean;
  run(): void;
}
export type Items = readonly (Item | 'rule' | { head: string })[];

const Opened = lazy(() => allWords().then(() => import('./MenuOpened')));

/** The menu's button is given as a child; what it holds is made when it opens. */
export function Menu({ items, children, label }: { items: () => Items; children: ReactElement<{ onClick?: () => void }>; label: string }) {
  const [wanted, want] = useState(false);
  const button = <span role="presentation" style={{ display: 'contents' }} onClickCapture={() => want(true)}>{children}</span>;
  if (!wanted) return button;
  return (
    <Suspense fallback={children}>
      <Opened items={items} label={label}>{children}</Opened>
    </Suspense>
  );
}
