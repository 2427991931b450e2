// One conversation: its messages, what is on its way, and either the field to write in or what follows the end.
import { Fragment, h } from 'preact';
import { Composer } from './composer';
import { day, Head, type Ui } from './head';
import { Icon } from './icons';
import { Bubble, OnItsWay } from './message';
import { say } from './say';
import { askingFor, follows, sameDay } from './thread';

export function Talk({ ui }: { ui: Ui }) {
  const { chat, w } = ui;
  const inbox = chat.inbox!, c = chat.shown, over = c?.status === 'resolved';
  const waiting = over ? [] : chat.box.items();
  const form = inbox.pre_chat_form && !c && !waiting.length && !(chat.contact.name && chat.contact.email);
  const agent = chat.messages.findLast((m) => m.author.kind === 'agent')?.author.name;
  return (
    <>
      <Head ui={ui} title={agent ?? inbox.account} sub={agent ? inbox.account : w.here} back={chat.talks.length > 0 && (() => chat.visit('home'))} />
      {form ? (
        <Later ui={ui} part="PreChat" />
      ) : (
        <>
          {chat.lost && (
            <p class="banner" role="status">
              <Icon name="alert" />
              {w.offline}
            </p>
          )}
          <Flow ui={ui} waiting={waiting} key={c?.id} />
          {over ? (
            <button class="button again tall" data-focus onClick={() => chat.visit(chat.going)}>
              {chat.going ? w.resume : w.another}
            </button>
          ) : (
            <Composer ui={ui} />
          )}
        </>
      )}
    </>
  );
}

/** A part that comes when it is needed. */
export function Later({ ui, part }: { ui: Ui; part: 'Home' | 'PreChat' | 'Closed' | 'Give' }) {
  const Part = ui.later?.[part];
  if (Part) return <Part ui={ui} />;
  void ui.load();
  return <div class="body" />;
}

/** The messages. The style sheet lays them upside down, so that the end stays in sight by itself. */
function Flow({ ui, waiting }: { ui: Ui; waiting: ReturnType<Ui['chat']['box']['items']> }) {
  const { chat, w, lang } = ui;
  const { messages, shown: c } = chat;
  const asking = askingFor(chat.inbox!, chat.contact, c, messages);
  return (
    <div class="body flow" role="log" aria-label={w.messages} tabIndex={0}>
      <div class="rows">
        {chat.threads[c?.id ?? '']?.more && (
          <button class="button" onClick={() => chat.older()}>
            {w.older}
          </button>
        )}
        {!messages.length && !waiting.length && <p class="said">{w.welcome}</p>}
        {messages.map((m, at) => {
          const was = messages[at - 1];
          return [
            !sameDay(was?.at, m.at) && <p class="day">{sameDay(m.at, Date.now()) ? w.today : day(m.at, lang)}</p>,
            <Bubble ui={ui} m={m} key={m.id} first={!follows(was, m)} last={!follows(m, messages[at + 1])} />,
            m.id === asking && !waiting.length && <Later ui={ui} part="Give" />,
          ];
        })}
        {waiting.map((m) => (
          <OnItsWay key={m.client_id} ui={ui} m={m} />
        ))}
        {c?.status === 'resolved' ? (
          <Later ui={ui} part="Closed" />
        ) : (
          <p class="note typing" role="status">
            {chat.typing && [<i />, <i />, <i />, say(w.typing, chat.typing.trim() || w.team)]}
          </p>
        )}
      </div>
    </div>
  );
}
