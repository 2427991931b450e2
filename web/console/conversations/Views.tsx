import type { SavedView } from '@relevo/shared/api/desk';
import { Link } from '@tanstack/react-router';
import { AtSign, Bookmark, CircleDashed, Hand, MessagesSquare, Search, Tag, UserRound, UsersRound, type LucideIcon } from 'lucide-react';
import looks from '../parts/places.module.css';
import { Icon, join, Key } from '../parts/parts';
import { alive, useCounts, useDepartments, useInboxes, useLabels, useViews } from '../shell/desk';
import { open } from '../shell/stage';
import { useWords } from '../shell/words';
import css from './conversations.module.css';
import { addressOf, views, type Place, type View } from './place';
import { glyphOf } from './Row';
import { goingTo, isHere } from './saved';
import { useCount, type ListSearch } from './useList';

export const viewIcons: Record<View, LucideIcon> = { mine: UserRound, waiting: Hand, unassigned: CircleDashed, all: MessagesSquare, mentions: AtSign };

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
  const seen = useCounts()?.departments;
  const saved = useViews();
  const departments = alive(useDepartments()).filter((d) => !seen || d.id in seen); // those that I see
  const inboxes = alive(useInboxes());
  const labels = alive(useLabels());
  return (
    <div className={join(css.index, css.scroll, looks.places)}>
      <ul>{views.map((view) => <Going key={view} to={{ view }} now={place} icon={viewIcons[view]} text={say(`view.${view}`)} />)}</ul>
      <Section title={say('saved.views')} show={saved.length > 0}>
        {saved.map((v) => <SavedGoing key={v.id} of={v} here={isHere(v, place, search)} />)}
      </Section>
      <Section title={say('departments')} show={departments.length > 0}>
        {departments.map((d) => <Going key={d.id} to={{ view: 'department', key: d.id }} now={place} icon={UsersRound} text={d.name} />)}
      </Section>
      <Section title={say('inboxes')} show={inboxes.length > 0}>
        {inboxes.map((b) => <Going key={b.id} to={{ view: 'inbox', key: b.id }} now={place} icon={glyphOf(b)} text={b.name} />)}
      </Section>
      <Section title={say('labels')} show={labels.length > 0}>
        {labels.map((l) => <Going key={l.id} to={{ view: 'label', key: l.id }} now={place} icon={Tag} text={l.name} />)}
      </Section>
    </div>
  );
}

function Section({ title, show, children }: { title: string; show: boolean; children: React.ReactNode }) {
  if (!show) return null;
  return <><h2>{title}</h2><ul>{children}</ul></>;
}

function Going({ to, now, icon, text }: { to: Place; now: Place; icon: LucideIcon; text: string }) {
  const here = to.view === now.view && to.key === now.key;
  return (
    <li>
      <Link to={addressOf(to)} className={looks.go} aria-current={here ? 'page' : undefined}>
        <Icon of={icon} size="m" /><span>{text}</span><Total of={to} />
      </Link>
    </li>
  );
}

function SavedGoing({ of: v, here }: { of: SavedView; here: boolean }) {
  const { place, search } = goingTo(v);
  return <li><Link to={addressOf(place)} search={search as never} className={looks.go} aria-current={here ? 'page' : undefined}><Icon of={v.shared ? UsersRound : Bookmark} size="m" /><span>{v.name}</span></Link></li>;
}

const Total = ({ of: place }: { of: Place }) => <span className={css.total}>{useCount(place).replace(/^0$/, '')}</span>;
