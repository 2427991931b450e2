// What the customer will see: the widget in the inbox's colour and language, on a page of a shop, at each keystroke.
import { ArrowRight, ArrowUp, CheckCheck, ChevronDown, Paperclip, Smile, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Icon, initials, join } from '../../parts/parts';
import parts from '../../parts/parts.module.css';
import { useMe } from '../../shell/desk';
import { useWords } from '../../shell/words';
import { usePaint } from '../Color';
import { isColor, luminance } from '../color';
import css from './preview.module.css';
import { speech, type Speech } from './speech';
import type { Draft } from './InboxForm';

type State = 'closed' | 'start' | 'talk';
const states: State[] = ['closed', 'start', 'talk'];

export function Preview({ inbox }: { inbox: Draft }) {
  const say = useWords();
  const { account } = useMe();
  const [state, show] = useState<State>('talk');
  const color = isColor(inbox.color) ? inbox.color : '#2b5dd7';
  const paint = usePaint<HTMLDivElement>(color);
  const w = speech[inbox.language];
  const sub = inbox.reply_time ? w.reply[inbox.reply_time] : w.here;
  return (
    <aside className={css.preview} aria-label={say('preview.title')}>
      <div className={css.bar}>
        <div className={parts.segments} role="group" aria-label={say('preview.state')}>
          {states.map((s) => <button key={s} type="button" className={parts.segment} aria-pressed={s === state} onClick={() => show(s)}>{say(`preview.${s}`)}</button>)}
        </div>
      </div>
      <div className={css.stage} ref={paint} data-side={inbox.side} data-ink={luminance(color) > 0.179 ? 'black' : 'white'} inert lang={inbox.language} data-preview={state}>
        {state === 'closed' ? <Site said={inbox.campaign.enabled ? inbox.campaign.message : ''} /> : (
          <section className={css.widget}>
            <Head name={account.name} sub={sub} />
            {state === 'start' ? <Start inbox={inbox} w={w} /> : <Talk inbox={inbox} w={w} agent={say('preview.agent')} />}
            <p className={css.madeBy}>{w.madeBy}</p>
          </section>
        )}
        <Launcher open={state !== 'closed'} />
      </div>
    </aside>
  );
}

/** A page around the button: only its outlines, and what the campaign says. */
const Site = ({ said }: { said: string }) => <><div className={css.site}><i /><i /><i /><i /></div>{said.trim() && <p className={css.campaign} data-part="campaign">{said}</p>}</>;

const Launcher = ({ open }: { open: boolean }) => <span className={css.launcher}>{open ? <Icon of={ChevronDown} /> : <b />}</span>;

const Head = ({ name, sub }: { name: string; sub: string }) => (
  <header className={css.head}><span className={css.who}>{initials(name)}</span><div><strong>{name}</strong><small>{sub}</small></div><Icon of={X} /></header>
);

/** What a new visitor meets: the way to his tickets, the form, if there is one, else where to write. */
function Start({ inbox, w }: { inbox: Draft; w: Speech }) {
  if (inbox.portal.enabled) {
    return <div className={join(css.body, css.form)}><span className={css.brand}>{w.start}</span><span className={css.field} data-part="portal">{w.tickets}</span></div>;
  }
  if (!inbox.pre_chat_form) return <><div className={css.body}><p className={css.said}>{w.welcome}</p></div><Writing w={w} /></>;
  return (
    <div className={join(css.body, css.form)}>
      <p>{w.before}</p>
      <Asked label={w.name} /><Asked label={w.email} placeholder={w.example} /><Asked label={w.need} tall />
      <span className={css.brand}>{w.begin}</span>
    </div>
  );
}

const Asked = ({ label, placeholder, tall }: { label: string; placeholder?: string; tall?: boolean }) => <div><small>{label}</small><span className={css.field} data-tall={tall ? '' : undefined}>{placeholder}</span></div>;

/** A conversation as it begins: the greeting answers the first message, then the e-mail is asked for, then somebody answers. */
function Talk({ inbox, w, agent }: { inbox: Draft; w: Speech; agent: string }) {
  const asks = inbox.collect_email && !inbox.pre_chat_form;
  return (
    <>
      <div className={css.body}>
        <p className={css.day}>{w.today}</p>
        <p className={join(css.said, css.mine)}>{w.customer}</p>
        <Note end>10:33 <Icon of={CheckCheck} size="m" /></Note>
        {inbox.greeting.trim() && <p className={css.said} data-part="greeting">{inbox.greeting}</p>}
        {asks && <><p className={css.said}>{w.askEmail}</p><div className={css.ask}><span className={css.field}>{w.example}</span><span className={css.brand}><Icon of={ArrowRight} /></span></div></>}
        {(inbox.greeting.trim() || asks) && <Note>{w.automatic} · 10:33</Note>}
        <Note><span className={css.who}>{initials(agent)}</span>{agent}</Note>
        <p className={css.said}>{w.agent}</p>
        <Note>10:35</Note>
      </div>
      <Writing w={w} />
    </>
  );
}

const Note = ({ end, children }: { end?: boolean; children: ReactNode }) => <small className={css.note} data-end={end ? '' : undefined}>{children}</small>;

const Writing = ({ w }: { w: Speech }) => (
  <div className={css.write}><Icon of={Paperclip} /><Icon of={Smile} /><span>{w.write}</span><span className={css.brand}><Icon of={ArrowUp} /></span></div>
);
