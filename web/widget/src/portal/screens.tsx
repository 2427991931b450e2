// The customer's tickets on the screen: who are you, the list, one ticket, a new one.
import { h, type VNode } from 'preact';
import { going } from '../chat';
import { bubble } from '../message';
import { ask, form, head } from '../parts';
import { w } from '../say';
import type { Message } from '../wire';
import * as p from './portal';
import { pw } from './portal';

// What is easily said anew costs less here than a name in the chat, which everybody loads.
const day = (at: string): string => (at ? new Date(at).toLocaleDateString(document.documentElement.lang, { day: 'numeric', month: 'long' }) : '');
const say = (sentence: string, what: string | number): string => sentence.replace('{}', () => `${what}`);
const help = (text: string): VNode => (
  <p class="help" role="alert">
    {text}
  </p>
);

const title = (text: string): VNode => (
  <h2 class="hello" tabIndex={-1} data-focus>
    {text}
  </h2>
);

/** What is wrong, for a form; nothing for none. */
const wrong = (): string => {
  const { status, field } = p.fault ?? {};
  return status === 429 ? pw.many : field === 'code' ? pw.wrong : field === 'status' ? pw.over : status === 404 ? pw.gone : pw.fault;
};

/** The same where there is no form that failed. */
const notice = (): VNode | undefined =>
  p.fault && (
    <p class="note late" role="alert">
      {wrong()}
    </p>
  );

const button = (text: string, go: () => unknown, kind = 'again tall'): VNode => (
  <button class={'button ' + kind} onClick={go}>
    {text}
  </button>
);

const text = (label: string, rows: number): VNode => (
  <label>
    {label}
    <textarea class="input" name="said" required maxLength={20000} rows={rows} defaultValue={p.typed().said ?? ''} onInput={keep} />
    {help(w.missing)}
  </label>
);

/** Puts into the field that is there by now what is typed and not sent for it. */
function refill(): void {
  const field = document.querySelector<HTMLTextAreaElement>('[name=said]');
  if (field) field.value = p.typed().said ?? '';
}

/** Keeps what stands in the form. */
function keep(e: Event): void {
  p.type(Object.fromEntries(new FormData((e.target as HTMLInputElement).form!)) as p.Typed);
}

const who = (): VNode[] => [title(pw.mine), <p>{pw.why}</p>, ask(w.email, p.sendCode, pw.sendCode), p.fault ? notice()! : <p />];

const code = (): VNode =>
  form('form', (said) => p.enter(said.code!.value), [
    <h2 class="hello">{pw.mine}</h2>,
    <p>{say(pw.mailed, p.address)}</p>,
    <label>
      {pw.code}
      <input class="input" name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxLength={6} required data-focus />
      {help(pw.digits)}
    </label>,
    help(wrong()),
    <button class="button brand tall">{pw.enter}</button>,
    <button type="button" class="button" onClick={p.otherAddress}>
      {pw.again}
    </button>,
  ]);

const status = (t: p.Ticket): string =>
  t.status ? { new: pw.new, in_progress: pw.in_progress, pending: pw.pending, resolved: pw.resolved, closed: pw.closed }[t.status] : '';

const list = (): VNode[] => [
  title(pw.mine),
  ...(p.form?.open
    ? [
        <button class="button brand tall" onClick={p.write}>
          {pw.create}
        </button>,
      ]
    : []),
  <nav class="past" aria-label={pw.mine}>
    {!p.tickets.length && <p>{pw.none}</p>}
    {p.tickets.map((t) => (
      <button key={t.number} onClick={() => p.read(t.number)}>
        <span>
          {t.subject || say(pw.updated, t.number)}
          <small>
            #{t.number} · {day(t.updated_at)}
          </small>
        </span>
        <small>{status(t)}</small>
      </button>
    ))}
    {p.more && button(pw.more, p.further, '')}
  </nav>,
  ...(p.me() ? [button(say(pw.leave, p.me()), p.leave, 'leave')] : []),
];

/** What was said, under its day. */
const said = (a: p.Action, at: number): VNode[] => [
  ...(day(a.at) === day(p.shown!.actions[at - 1]?.at ?? '') ? [] : [<p class="day">{day(a.at)}</p>]),
  a.kind === 'history' ? (
    <p class="note" key={a.id}>
      {pw.talked}
    </p>
  ) : (
    bubble({ ...a, conversation: '', content: 'text', automatic: false } as Message, true, true)
  ),
];

function ticket(): VNode[] {
  const { ticket: t, actions } = p.shown!;
  return [
    title(t.subject || say(pw.updated, t.number)),
    <p class="note">
      #{t.number}
      {t.status && ' · ' + status(t)} · {day(t.updated_at)}
    </p>,
    <div class="rows" role="log">
      {actions.map(said)}
    </div>,
    t.status === 'closed' ? (
      <p>{pw.over}</p>
    ) : (
      form('form', ({ said }) => p.answer(said!.value.trim()).then(refill), [
        t.status === 'resolved' && <p>{pw.reopens}</p>,
        text(pw.answer, 3),
        help(wrong()),
        <button class="button brand tall">{w.send}</button>,
      ])
    ),
    going() &&
      (p.proposal ? (
        <p class="note" role="status">
          {p.proposal === 'linked' ? pw.linked : pw.proposed}
        </p>
      ) : (
        button(pw.propose, p.propose, 'leave')
      )),
  ].filter(Boolean) as VNode[];
}

const create = (): VNode =>
  form('form', (said) => p.ask(said.subject?.value.trim(), said.service?.value, said.said!.value.trim()), [
    title(pw.create),
    p.form?.subject && (
      <label>
        {pw.subject}
        <input class="input" name="subject" required maxLength={200} pattern=".*\S.*" defaultValue={p.typed().subject ?? ''} onInput={keep} />
        {help(w.missing)}
      </label>
    ),
    (p.form?.services.length ?? 0) > 0 && (
      <label>
        {pw.service}
        <select class="input" name="service" onChange={keep}>
          <option value="">{pw.other}</option>
          {p.form!.services.map((s) => (
            <option value={s.id} selected={p.typed().service === s.id}>
              {s.name}
            </option>
          ))}
        </select>
      </label>
    ),
    text(pw.text, 5),
    help(wrong()),
    <button class="button brand tall">{pw.open}</button>,
  ]);

const waiting = (): VNode | VNode[] => (p.fault ? [<p>{w.noStart}</p>, button(w.retry, p.list)] : <progress aria-label={w.tickets} />);

/** The screen that is shown. */
export function portal(): VNode[] {
  const { screen } = p, inside = screen === 'ticket' || screen === 'new';
  const show = { wait: waiting, email: who, code, list, ticket, new: create }[screen];
  return [
    head('', () => (inside ? p.list() : p.home())),
    <div class={screen === 'wait' ? 'body middle' : 'body portal'} key={screen + (inside ? p.shown?.ticket.number : '')} role={screen === 'wait' ? 'status' : 'group'}>
      {screen === 'list' && notice()}
      {show()}
    </div>,
  ];
}
