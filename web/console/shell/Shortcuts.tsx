import { Dialog } from '../parts/Dialog';
import { Key } from '../parts/parts';
import look from './scenes.module.css';
import { useWords, type Key as Word } from './words';

const groups: [Word, [Word, string[]][]][] = [
  ['keys.move', [['keys.nextPrevious', ['j', 'k']], ['keys.open', ['o']], ['conversations', ['g', 'c']], ['tickets', ['g', 't']], ['settings', ['g', 's']], ['palette', ['Ctrl', 'K']]]],
  ['keys.write', [['reply', ['r']], ['note.private', ['n']], ['canned', ['/']], ['composer.mention', ['@']], ['keys.leave', ['Esc']]]],
  ['keys.act', [['act.assign', ['a']], ['act.transfer', ['t']], ['act.snooze', ['z']], ['act.label', ['l']], ['act.close', ['e']], ['keys.unread', ['u']]]],
  ['keys.help', [['keys.sheet', ['?']]]],
];

export default function Shortcuts() {
  const say = useWords();
  return (
    <Dialog title={say('keys.title')} wide>
      <div className={look.keys} role="group" aria-label={say('keys.title')} tabIndex={0}>
        {groups.map(([title, rows]) => (
          <section key={title}><h3>{say(title)}</h3><dl>{rows.map(([name, keys]) => <div key={name}><dt>{say(name)}</dt><dd>{keys.map((k) => <Key key={k}>{k}</Key>)}</dd></div>)}</dl></section>
        ))}
      </div>
    </Dialog>
  );
}
