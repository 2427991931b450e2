// One conversation: its messages, what is on its way, and either the field to write in or what follows the end.
import { h, type VNode } from 'preact';
import { box, contact, draft, going, inbox, late, lost, messages, older, send, shown, talks, tell, threads, typists, visit, where, write } from './chat';
import { closed } from './closed';
import { composer } from './composer';
import { alert, icon } from './icons';
import { bubble, onItsWay } from './message';
import { ask, day, email, form, head, help, notSent, why } from './parts';
import { say, w } from './say';
import { askingFor, follows, sameDay } from './thread';

export function talk(): VNode[] {
  const c = shown(), over = c?.status === 'resolved';
  const form = inbox!.pre_chat_form && !c && !box.all().length && !(contact.name && contact.email);
  return [
    head(messages().findLast((m) => m.author.kind === 'agent')?.author.name, !!(talks[0] || inbox!.portal) && (() => visit('home'))),
    ...(form
      ? [preChat()]
      : [
          <p class="banner" role="status">
            {lost && [icon(alert), `${why(late, w.cut)}. ${w.offline}`]}
          </p>,
          flow(over),
          over ? (
            <button class="button again tall" data-focus onClick={() => visit(going())}>
              {going() ? w.resume : w.another}
            </button>
          ) : (
            composer()
          ),
        ]),
  ];
}

/** Who are you? Asked before the first message where the inbox wants it (B16). */
const preChat = (): VNode => (
  <div class="body">
    {form(
      'form',
      async ({ who, email, need }) => {
        await tell({ name: who!.value.trim(), email: email!.value });
        send(need!.value.trim());
      },
      [
        <p>{w.before}</p>,
        <label>
          {w.name}
          <input class="input" name="who" required maxLength={100} pattern=".*\S.*" autocomplete="name" defaultValue={contact.name} data-focus />
          {help(w.missing)}
        </label>,
        <label>
          {w.email}
          <input {...email} defaultValue={contact.email} />
          {help(w.noEmail)}
        </label>,
        <label>
          {w.need}
          <textarea class="input" name="need" required rows={4} defaultValue={draft} onInput={(e) => write(e.currentTarget.value)} />
          {help(w.missing)}
        </label>,
        notSent(),
        <button class="button brand tall">{w.begin}</button>,
      ],
    )}
  </div>
);

/** The messages. The style sheet lays them upside down, so that the end stays in sight by itself. */
function flow(over: boolean): VNode {
  const all = messages(), c = shown(), waiting = over ? [] : box.all();
  const more = threads[where]?.more, names = Object.keys(typists);
  const asking = askingFor(inbox!, contact, c, all);
  return (
    <div class="body flow" role="log" aria-label={w.messages} tabIndex={0} key={c?.id}>
      <div class="rows">
        {more && (
          <button class="button" onClick={older}>
            {w.older}
          </button>
        )}
        {!all.length && !waiting.length && !more && <p class="said">{w.welcome}</p>}
        {all.map((m, at) => {
          const was = all[at - 1];
          return [
            !sameDay(was?.at, m.at) && <p class="day">{sameDay(m.at, Date.now()) ? w.today : day(m.at)}</p>,
            bubble(m, !follows(was, m), !follows(m, all[at + 1])),
            m.id === asking && !waiting.length && ask(w.give, send), // his answer goes out as his message (B14)
          ];
        })}
        {waiting.map(onItsWay)}
        {over ? (
          closed()
        ) : (
          <p class="note typing" role="status">
            {names[0] != null && [<i />, <i />, <i />, names.map((name) => say(w.typing, name || w.team)).join(' · ')]}
          </p>
        )}
      </div>
    </div>
  );
}
