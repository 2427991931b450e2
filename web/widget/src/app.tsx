import { Fragment, h } from 'preact';
import { Head, type Ui } from './head';
import { Home } from './home';
import { Icon } from './icons';
import { Talk } from './talk';

export const App = ({ ui }: { ui: Ui }) => (
  <div class="widget" role="dialog" aria-label={ui.chat.inbox?.name ?? 'Chat'}>
    {!ui.chat.ready ? <Starting ui={ui} /> : ui.chat.where === 'home' ? <Home ui={ui} /> : <Talk ui={ui} />}
    <p class="made-by">{ui.w.madeBy}</p>
  </div>
);

const Starting = ({ ui }: { ui: Ui }) => (
  <>
    <Head ui={ui} title={ui.chat.inbox?.name ?? ''} sub="" />
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
