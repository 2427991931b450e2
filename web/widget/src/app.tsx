import { Fragment, h } from 'preact';
import { Head, type Ui } from './head';
import { Icon } from './icons';
import { Later, Talk } from './talk';

export const App = ({ ui }: { ui: Ui }) => (
  <div class="widget" role="dialog" aria-label={ui.chat.inbox?.account ?? 'Chat'}>
    {!ui.chat.ready ? <Starting ui={ui} /> : ui.chat.where === 'home' ? <Later ui={ui} part="Home" /> : <Talk ui={ui} />}
    <p class="made-by">{ui.w.madeBy}</p>
  </div>
);

const Starting = ({ ui }: { ui: Ui }) => (
  <>
    <Head ui={ui} title={ui.chat.inbox?.account ?? ''} sub="" />
    <div class="body middle" role="status">
      {ui.chat.fault ? (
        <>
          <p>{ui.w.noStart}</p>
          <button class="button tall" data-focus onClick={() => ui.chat.start()}>
            {ui.w.retry}
          </button>
        </>
      ) : (
        <Icon name="loader" />
      )}
    </div>
  </>
);
