// The small parts that every screen is made of. A part per function; what they look like stands in parts.module.css.
import type { Actor, Agent, Presence, Priority } from '@relevo/shared/api/desk';
import { Bot, type LucideIcon } from 'lucide-react';
import { memo, useLayoutEffect, useRef, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { useMe } from '../shell/desk';
import { useWords } from '../shell/words';
import css from './parts.module.css';

export const join = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ');

export const Icon = memo(function Icon({ of: Shape, size, className }: { of: LucideIcon; size?: 's' | 'm'; className?: string }) {
  return <Shape aria-hidden="true" className={join(css.icon, size === 's' && css.small, size === 'm' && css.medium, className)} strokeWidth={size === 's' ? 2.25 : 2} />;
});

export const OnlyRead = ({ children }: { children: ReactNode }) => <span className={css.onlyRead}>{children}</span>;

type Look = 'plain' | 'edge' | 'go' | 'done' | 'note';

/** A button. With only an icon it needs a name, which is shown on hover too. */
export function Button({ look = 'plain', icon, name, tiny, children, className, ...rest }: {
  look?: Look; icon?: LucideIcon; name?: string; tiny?: boolean;
} & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'name'>) {
  const bare = children === undefined;
  return (
    <button type="button" title={name} aria-label={bare ? name : undefined} {...rest}
      className={join(css.button, look !== 'plain' && css[look], bare && (tiny ? css.tiny : css.square), className)}>
      {icon && <Icon of={icon} size={tiny ? 'm' : undefined} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

export const Key = ({ children }: { children: string }) => <kbd className={css.key}>{children}</kbd>;

/** VR of Valentina Ríos. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((w) => /[\p{L}\p{N}]/u.test(w));
  const letters = words.length > 1 ? [words[0], words[words.length - 1]].map((w) => w?.[0] ?? '') : [(words[0] ?? '?').slice(0, 2)];
  return letters.join('').toUpperCase();
}

type Size = 's' | 'm' | 'l';
const sizes: Record<Size, string | undefined> = { s: css.whoS, m: css.whoM, l: css.whoL };

/** A colleague, round; nobody, dashed. */
export function Who({ agent, size, presence }: { agent?: Pick<Agent, 'id' | 'name'>; size?: Size; presence?: Presence }) {
  const say = useWords();
  const me = useMe().agent.id;
  if (!agent) return <span className={join(css.who, css.nobody, size && sizes[size])} title={say('nobody')} />;
  return (
    <span className={join(css.who, size && sizes[size], agent.id === me && css.me)} title={agent.name}>
      <span aria-hidden="true">{initials(agent.name)}</span>
      {presence && <PresenceDot of={presence} />}
    </span>
  );
}

/** A customer, square. */
export const Customer = ({ name, size }: { name: string; size?: Size }) => (
  <span className={join(css.who, css.customer, size && sizes[size])} aria-hidden="true">{initials(name)}</span>
);

/** Whoever wrote a message of ours. */
export function Author({ of }: { of: Actor }) {
  if (of.kind === 'user' && of.id) return <Who agent={{ id: of.id, name: of.name ?? of.id }} />;
  return <span className={join(css.who, css.bot)} title={of.name}><Icon of={Bot} size="m" /></span>;
}

export const PresenceDot = ({ of }: { of: Presence }) => <span className={join(css.presence, of !== 'connected' && css[of])} />;

export function Chip({ look, title, children }: { look?: 'State' | 'Clock' | 'Due' | 'Late' | 'Done' | 'Note'; title?: string; children: ReactNode }) {
  return <span className={join(css.chip, look && css[`chip${look}`])} title={title}>{children}</span>;
}

const around = 31.4;

/** A clock: the share of the time that is left. */
export function Ring({ left }: { left: number }) {
  const dash = Math.max(0, Math.min(1, left)) * around;
  return (
    <svg className={css.ring} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="5" />
      <circle cx="6" cy="6" r="5" strokeDasharray={`${dash} ${around}`} />
    </svg>
  );
}

/** A ring that drains over some milliseconds: the time to undo. */
export function DrainingRing({ over }: { over: number }) {
  const circle = useRef<SVGCircleElement>(null);
  useLayoutEffect(() => {
    const drain = circle.current?.animate([{ strokeDasharray: `${around} ${around}` }, { strokeDasharray: `0 ${around}` }], { duration: over, fill: 'forwards' });
    return () => drain?.cancel();
  }, [over]);
  return (
    <svg className={css.ring} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="5" />
      <circle cx="6" cy="6" r="5" ref={circle} />
    </svg>
  );
}

const heights: Record<Priority, number> = { none: 0, low: 1, medium: 2, high: 3, urgent: 3 };

export function Bars({ of }: { of: Priority }) {
  return (
    <svg className={css.bars} viewBox="0 0 12 12" aria-hidden="true">
      {[[0, 7, 5], [4.5, 4, 8], [9, 0, 12]].map(([x, y, height], i) => (
        <rect key={x} x={x} y={y} width="3" height={height} rx="1" data-off={i >= heights[of] ? '' : undefined} />
      ))}
    </svg>
  );
}

export function Fill({ share }: { share: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    bar.current?.style.setProperty('--part', `${Math.round(100 * Math.min(1, share))}%`);
  }, [share]);
  return <span className={css.fill} ref={bar} />;
}

/** An empty or failed place: what happened and what to do next. */
export function Blank({ icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className={css.blank}>
      <Icon of={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export const Bone = ({ wide, high }: { wide: number | string; high?: number }) => <span className={css.bone} style={{ inlineSize: wide, blockSize: high }} />;
