// What calls an agent who looks elsewhere: a soft sound, the count in the title, a notice of the system if allowed.
import type { Notification } from '@relevo/shared/api/desk';
import { desktopNotices, quiet, sounds, type NoticeKind } from './preferences';
import { say } from './words';

const burst = 1500; // one sound a burst
let last = 0;
let audio: AudioContext | undefined;

/** Calls for attention. */
export function ring(kind: Notification['kind'] | 'message', n?: Notification): void {
  if (quiet.get().includes(kind as NoticeKind)) return;
  if (sounds.get() && Date.now() - last > burst) {
    last = Date.now();
    chime();
  }
  if (n && document.hidden && desktopNotices.get() && 'Notification' in window && window.Notification.permission === 'granted') {
    new window.Notification(noticeText(kind as Notification['kind'], n), { body: n.text, tag: n.id });
  }
}

export const noticeText = (kind: Notification['kind'], n: Notification): string => say(`notice.${kind}`, { who: n.by.name ?? say('someone'), number: n.ticket ?? n.number ?? 0 });

function chime(): void {
  try {
    audio ??= new AudioContext();
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const now = audio.currentTime;
    tone.frequency.setValueAtTime(660, now);
    tone.frequency.setValueAtTime(880, now + 0.09);
    gain.gain.setValueAtTime(0.04, now);
    gain.gain.exponentialRampToValueAtTime(0.0001, now + 0.35);
    tone.connect(gain).connect(audio.destination);
    tone.start(now);
    tone.stop(now + 0.36);
  } catch {
    audio = undefined; // no sound device: nothing to hear
  }
}
