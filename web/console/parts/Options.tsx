import { ChevronDown } from 'lucide-react';
import type { SelectHTMLAttributes } from 'react';
import { Icon } from './parts';
import css from './parts.module.css';

/** A choice of the browser's own, with our arrow. */
export const Options = ({ children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) => (
  <span className={css.select}><select className={css.input} {...rest}>{children}</select><Icon of={ChevronDown} size="m" /></span>
);
