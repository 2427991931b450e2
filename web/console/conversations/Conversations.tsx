// The screen of the conversations: views, list, thread, details.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Blank, Key } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { useCell } from '../shell/cell';
import { onKey } from '../shell/keys';
import { detailsShown } from '../shell/preferences';
import { Rail } from '../shell/Rail';
import shell from '../shell/shell.module.css';
import { open, type Scene } from '../shell/stage';
import { complain } from '../shell/toasts';
import { useWords } from '../shell/words';
import { Details, Thread } from './beside';
import { findConversation, markUnread } from './cache';
import { List } from './List';
import { addressOf, placeOf, type Place } from './place';
import { useList, type ListSearch } from './useList';
import { Views } from './Views';

const narrow = matchMedia('(max-width: 1199px)');
const useNarrow = () => useSyncExternalStore((l) => { narrow.addEventListener('change', l); return () => narrow.removeEventListener('change', l); }, () => narrow.matches);

export function Conversations() {
  const say = useWords();
  const { _splat: path = '' } = useParams({ strict: false }) as { _splat?: string };
  const search = useSearch({ strict: false }) as ListSearch;
  const place = useMemo(() => placeOf(path), [path]);
  const small = useNarrow();
  const kept = useCell(detailsShown);
  const [over, slide] = useState(false);
  const details = Boolean(place.id) && (small ? over : kept);
  useEffect(() => slide(false), [place.id, small]);
  const toggle = () => (small ? slide(!over) : detailsShown.set(!kept));
  return (
    <div className={shell.frame} data-pane={place.id ? 'thread' : 'list'} data-details={details ? 'on' : 'off'}>
      <RowKeys place={place} search={search} />
      <Rail />
      <div className={shell.views}><Views place={place} search={search} /></div>
      <main className={shell.main}>
        <h1 className={parts.onlyRead}>{say('conversations')}</h1>
        <section className={`${shell.pane} ${shell.list}`} aria-labelledby="list-title"><List place={place} search={search} /></section>
        <div className={`${shell.pane} ${shell.thread}`}>
          {place.id ? <Suspense fallback={null}><Thread key={place.id} id={place.id} place={place} details={details} onDetails={toggle} /></Suspense> : (
            <Blank icon={Inbox} title={say('thread.choose')}><p>{say('thread.chooseHint')}</p><p><Key>j</Key> {say('keys.next')} · <Key>o</Key> {say('keys.open').toLowerCase()} · <Key>?</Key> {say('keys.title').toLowerCase()}</p></Blank>
          )}
        </div>
      </main>
      {details && place.id && <aside className={`${shell.pane} ${shell.details}`} aria-label={say('details')}><Suspense fallback={null}><Details id={place.id} narrow={small} onClose={() => slide(false)} /></Suspense></aside>}
    </div>
  );
}

/** j k o and the acts on what is shown. It stands apart, for it follows every change of the list. */
function RowKeys({ place, search }: { place: Place; search: ListSearch }) {
  const go = useNavigate();
  const { rows } = useList(place, search);
  useEffect(() => {
    const step = (by: number) => () => {
      const at = rows.findIndex((c) => c.id === place.id);
      const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
      if (next) void go({ to: addressOf({ ...place, id: next.id }), search: search as never });
    };
    const scene = (kind: 'assign' | 'transfer' | 'snooze' | 'labels' | 'close', right: string) => () => {
      const c = place.id ? findConversation(place.id) : undefined;
      if (c?.allowed?.includes(right as 'close')) open({ kind, conversation: c.id } as Scene);
    };
    const unread = (id: string) => void go({ to: addressOf({ ...place, id: undefined }), search: search as never }).then(() => markUnread(id)).catch(complain); // one who looks at it reads it
    const off = [
      onKey('j', step(1)), onKey('k', step(-1)), onKey('o', step(0)), onKey('a', scene('assign', 'assign')), onKey('t', scene('transfer', 'transfer')), onKey('z', scene('snooze', 'snooze')),
      onKey('l', scene('labels', 'label')), onKey('e', scene('close', 'close')), onKey('u', () => { if (place.id) unread(place.id); }),
    ];
    return () => off.forEach((f) => f());
  });
  return null;
}
