import type { SavedView } from '@relevo/shared/api/desk';
import { Link } from '@tanstack/react-router';
import { AtSign, Bookmark, CircleDashed, Hand, MessagesSquare, Search, Tag, UserRound, UsersRound, type LucideIcon } from 'lucide-react';
import looks from '../parts/places.module.css';
import { Icon, join, Key } from '../parts/parts';
import { useViews } from '../shell/desk';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import css from './conversations.module.css';
import { addressOf, views, type Place, type View } from './place';
import { glyphOf } from './Row';
import { goingTo, isHere } from './saved';
import { useCountOf, useNouns, type ListSearch } from './useList';

export const viewIcons: Record<View, LucideIcon> = { mine: UserRound, waiting: Hand, unassigned: CircleDashed, all: MessagesSquare, mentions: AtSign };

const nounIcons = { department: UsersRound, inbox: MessagesSquare, label: Tag };

/** Where one can go among the conversations. */
export function Views({ place, search }: { place: Place; search: ListSearch }) {
  const say = useWords();
  return (
    <nav className={css.views} aria-label={say('views')}>
      <div className={css.bar}>
        <button type="button" className={css.find} onClick={() => open({ kind: 'palette' })}>
          <Icon of={Search} size="m" /><span>{say('palette.open')}</span><Key>Ctrl K</Key>
        </button>
      </div>
      <ViewList place={place} search={search} />
    </nav>
  );
}

function ViewList({ place, search }: { place: Place; search: ListSearch }) {
  const say = useWords();
  const saved = useViews();
  const nouns = useNouns();
  const total = useCountOf();
  return (
    <div className={join(css.index, css.scroll, looks.places)}>
      <ul>{views.map((view) => <Going key={view} to={{ view }} now={place} icon={viewIcons[view]} text={say(`view.${view}`)} total={total} />)}</ul>
      <Section title={say('saved.views')} show={saved.length > 0}>
        {saved.map((v) => <SavedGoing key={v.id} of={v} here={isHere(v, place, search)} />)}
      </Section>
      {nouns.map(({ view, title, all }) => (
        <Section key={view} title={say(title)} show={all.length > 0}>
          {all.map((n) => <Going key={n.id} to={{ view, key: n.id }} now={place} icon={'channel' in n ? glyphOf(n) : nounIcons[view]} text={n.name} total={total} />)}
        </Section>
      ))}
    </div>
  );
}

function Section({ title, show, children }: { title: string; show: boolean; children: React.ReactNode }) {
  if (!show) return null;
  return <><h2>{title}</h2><ul>{children}</ul></>;
}

function Going({ to, now, icon, text, total }: { to: Place; now: Place; icon: LucideIcon; text: string; total: ReturnType<typeof useCountOf> }) {
  const here = to.view === now.view && to.key === now.key;
  return (
    <li>
      <Link to={addressOf(to)} className={looks.go} aria-current={here ? 'page' : undefined}>
        <Icon of={icon} size="m" /><span>{text}</span><span className={css.total}>{total(to).replace(/^0$/, '')}</span>
      </Link>
    </li>
  );
}

function SavedGoing({ of: v, here }: { of: SavedView; here: boolean }) {
  const { place, search } = goingTo(v);
  return <li><Link to={addressOf(place)} search={search as never} className={looks.go} aria-current={here ? 'page' : undefined}><Icon of={v.shared ? UsersRound : Bookmark} size="m" /><span>{v.name}</span></Link></li>;
}
