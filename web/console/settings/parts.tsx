// What the settings' pages are made of: the bar at the top, the rows of a noun with one open, and what stands at a form's foot.
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, ChevronDown, CircleAlert, CircleCheck, Plus, Search, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type SyntheticEvent } from 'react';
import { plain } from '../parts/Choices';
import { Body, Dialog } from '../parts/Dialog';
import { Blank, Bone, Button, Icon, join, OnlyRead } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { toast } from '../shell/toasts';
import { known, useWords, type Key } from '../shell/words';
import { sentencesFor, troubleOf } from './draft';
import { Fault } from './fields';
import css from './settings.module.css';
import type { Form } from './useForm';

export function Bar({ title, children, back }: { title: ReactNode; children?: ReactNode; /** Where the arrow leads; the index without it. */ back?: string }) {
  const say = useWords();
  return (
    <header className={css.bar}>
      <Link to="/settings/$" params={{ _splat: back ?? '' }} className={join(css.back, !back && css.onlyPhone)} aria-label={say('set.back')}><Icon of={ArrowLeft} /></Link>
      <h1 className={css.title}>{title}</h1>
      {children}
    </header>
  );
}

/** A list of nouns in which one is open to be edited in place. Which one stands in the address. */
export function Rows<T extends { id: string }>({ path, title, lead, items, failed, retry, text, row, form, at, add, emptyIcon, empty, emptyHint }: {
  path: string; title: string; lead: string;
  items: readonly T[] | undefined; failed: string | undefined; retry(): void;
  /** By what it is found. */
  text(item: T): string;
  row(item: T): ReactNode;
  form(item: T | undefined, close: () => void): ReactNode;
  at: string | undefined; add: string; emptyIcon: LucideIcon; empty: string; emptyHint: string;
}) {
  const say = useWords();
  const go = useNavigate();
  const [typed, type] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const close = () => {
    const was = at;
    void go({ to: '/settings/$', params: { _splat: path } }).then(() => (list.current?.querySelector<HTMLElement>(`[data-id="${was}"] > a`) ?? document.querySelector<HTMLElement>('[data-add]'))?.focus());
  };
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const shown = items?.filter((i) => i.id === at || words.every((w) => plain(text(i)).includes(w)));
  const gone = at && at !== 'new' && items && !items.some((i) => i.id === at);
  return (
    <>
      <Bar title={title}>
        {(items?.length ?? 0) > 8 && <label className={css.find}><Icon of={Search} size="m" /><OnlyRead>{say('set.find')}</OnlyRead><input type="search" value={typed} placeholder={say('set.find')} onChange={(e) => type(e.target.value)} /></label>}
        {at !== 'new' && <Link to="/settings/$" params={{ _splat: `${path}/new` }} className={join(parts.button, parts.go, css.add)} data-add="" aria-label={add}><Icon of={Plus} /><span>{add}</span></Link>}
      </Bar>
      <div className={css.scroll}>
        <div className={css.column}>
          <p className={css.lead}>{lead}</p>
          {gone && <p className={css.notice} role="status"><Icon of={CircleAlert} size="m" />{say('refused.not_found')}</p>}
          {at === 'new' && <section className={css.fresh} aria-label={add}>{form(undefined, close)}</section>}
          {failed !== undefined && !items && <Failed why={failed} retry={retry} />}
          {!items && failed === undefined && <div className={css.loading} role="status" aria-label={say('set.loading')}><Bone wide="70%" high={12} /><Bone wide="55%" high={12} /><Bone wide="62%" high={12} /></div>}
          {items?.length === 0 && at !== 'new' && (
            <Blank icon={emptyIcon} title={empty}><p>{emptyHint}</p><Link to="/settings/$" params={{ _splat: `${path}/new` }} className={join(parts.button, parts.edge)}><span>{add}</span></Link></Blank>
          )}
          <ul className={css.rows} ref={list}>
            {shown?.map((i) => (
              <li key={i.id} data-id={i.id} data-open={i.id === at ? '' : undefined}>
                <Link to="/settings/$" params={{ _splat: i.id === at ? path : `${path}/${i.id}` }} className={css.row} aria-expanded={i.id === at}>
                  {row(i)}<Icon of={ChevronDown} size="m" className={css.turn} />
                </Link>
                {i.id === at && <div className={css.opened}>{form(i, close)}</div>}
              </li>
            ))}
          </ul>
          {shown?.length === 0 && items && items.length > 0 && <p className={parts.help} role="status">{say('nothingFound')}</p>}
        </div>
      </div>
    </>
  );
}

export function Failed({ why, retry }: { why: string; retry(): void }) {
  const say = useWords();
  return <Blank icon={CircleAlert} title={say('list.failed')}><p role="alert">{why}</p><Button look="edge" onClick={retry}>{say('retry')}</Button></Blank>;
}

/** A form with its foot: what is not saved yet, what went wrong, discard and save. */
export function Sheet<T extends object>({ form, children, foot, fresh, done, className }: {
  form: Form<T>; children: ReactNode; foot?: ReactNode; fresh?: string; /** Called once it was saved, or closed. */ done?(): void; className?: string;
}) {
  const say = useWords();
  const submit = (e: SyntheticEvent) => {
    if (!e.currentTarget.contains(e.target as Node)) return; // of a dialog over it: to React that lies inside
    e.preventDefault();
    void form.submit().then((ok) => { if (ok && done && fresh) done(); });
  };
  const n = form.changed.length;
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && done && n === 0 && e.currentTarget.contains(e.target as Node)) done();
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.repeat) submit(e);
  };
  const fault = form.fault();
  const dirty = n > 0 || fresh !== undefined;
  return (
    <form className={join(css.sheet, className)} onSubmit={submit} noValidate onKeyDown={keys}>
      {children}
      <footer className={css.saveBar}>
        {foot}
        <span className={css.saveState} role="status">
          {fault ? <Fault>{fault}</Fault> : form.saved ? <span className={css.done}><Icon of={CircleCheck} size="m" />{say('saved')}</span>
            : n > 0 && !fresh ? <span className={parts.help}>{form.restored ? say('set.restored', { count: n }) : say('set.unsaved', { count: n })}</span> : null}
        </span>
        {fresh !== undefined ? <Button onClick={() => { form.discard(); done?.(); }}>{say('cancel')}</Button> : n > 0 && <Button onClick={form.discard}>{say('set.discard')}</Button>}
        <Button look="go" type="submit" disabled={!dirty || form.busy} aria-busy={form.busy}>{fresh ?? say('set.save')}</Button>
      </footer>
    </form>
  );
}

/** A button that asks before it deletes, says what follows, and tells beside itself if the desk refuses. */
export function Delete({ noun, name, what, run, done, label }: { noun: string; name: string; what: string; run(): Promise<unknown>; done(): void; label?: string }) {
  const say = useWords();
  const [asked, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const go = () => {
    setBusy(true);
    setFault('');
    run().then(() => { toast(say('set.deleted', { name }), { tone: 'done' }); done(); }, (cause: unknown) => {
      const key = sentencesFor(`${noun}.delete`, troubleOf(cause)).find((k) => known(k));
      setFault(say((key ?? 'refused.internal') as Key));
      setBusy(false);
    });
  };
  return (
    <>
      <Button className={css.delete} onClick={() => { setFault(''); ask(true); }}>{label ?? say('set.delete')}</Button>
      {asked && (
        <Dialog title={say('set.deleteThis', { name })} onShut={() => ask(false)} onSubmit={go}
          foot={<>{fault ? <Fault>{fault}</Fault> : <span />}<Button onClick={() => ask(false)}>{say('cancel')}</Button><Button look="go" className={css.danger} type="submit" disabled={busy} autoFocus>{label ?? say('set.delete')}</Button></>}>
          <Body><p>{what}</p></Body>
        </Dialog>
      )}
    </>
  );
}

export function Part({ title, help, children }: { title: string; help?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <div><h2>{title}</h2>{help && <p className={parts.help}>{help}</p>}</div>
      <div className={css.partFields}>{children}</div>
    </section>
  );
}

/** Leaves the page's own bar a place to scroll under. */
export function Sheeted({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { box.current?.scrollTo(0, 0); }, []); // in newer browsers it gives a promise
  return <div className={css.scroll} ref={box}><div className={css.column}>{children}</div></div>;
}
