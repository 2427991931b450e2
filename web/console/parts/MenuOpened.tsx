import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import type { Items } from './Menu';
import { Icon, join } from './parts';
import css from './parts.module.css';
import picks from './choices.module.css';

export default function MenuOpened({ items, children, label }: { items: () => Items; children: ReactElement; label: string }) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={join(css.float, picks.menu)} sideOffset={4} collisionPadding={8} align="start" aria-label={label}>
          {items().map((item, i) => {
            if (item === 'rule') return <Radix.Separator key={`rule${i}`} className={picks.menuRule} />;
            if ('head' in item) return <Radix.Label key={item.head} className={picks.menuHead}>{item.head}</Radix.Label>;
            return (
              <Radix.Item key={`${i} ${item.text}`} className={picks.choice} disabled={item.disabled} onSelect={item.run}>
                {item.icon && <Icon of={item.icon} />}
                {item.text}
                {(item.end || item.checked) && <span className={picks.choiceEnd}>{item.end}{item.checked && <Icon of={Check} size="m" />}</span>}
              </Radix.Item>
            );
          })}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
