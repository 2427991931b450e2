// What the composer wants of the place where one types: the text area that is there at once, or the rich one that follows.
// Both give their text with the marks of marks.ts, so that a draft, and what is typed when one takes over, means the same.
import type { RefObject } from 'react';

export type Mark = 'bold' | 'italic' | 'code' | 'list' | 'numbers';

/** What one does to a box from outside. */
export interface Box {
  focus(): void;
  blur(): void;
  /** The line up to the caret. */
  before(): string;
  /** Puts text at the caret, in the place of so many characters before it. */
  put(text: string, instead?: number): void;
  mark(mark: Mark): void;
  /** Makes a link of what is chosen, or of the address itself. */
  link(address: string): void;
  clear(): void;
  /** What is written as HTML; undefined if it holds no marks. */
  html(): string | undefined;
}

/** Where the caret stood in the text when one box took over from the other, and whether one was typing. */
export interface Caret {
  at: number;
  focused: boolean;
}

export interface BoxProps {
  box: RefObject<Box | null>;
  text: string;
  onText(text: string): void;
  /** True if the key was meant for the composer. */
  onKey(e: KeyboardEvent): boolean;
  /** Marks that hold at the caret. */
  onMarks(marks: ReadonlySet<Mark>): void;
  label: string;
  placeholder: string;
  /** The list of suggestions, and which of them is chosen. */
  list?: string;
  active?: string;
}
