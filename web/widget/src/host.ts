import type { Chat } from './chat';

const most: Record<string, number> = { name: 100, email: 254, phone: 40, language: 35, page: 2000 }; // letters

/** Takes what the host page says of its visitor: texts of known names, no longer than the desk takes. It goes out with his
 *  next message, or at once if he has written before: who only looks leaves no trace. */
export function identify(chat: Chat, said: Record<string, unknown> = {}): void {
  const about: Record<string, string> = {};
  for (const name in most) if (said[name]) about[name] = String(said[name]).trim().slice(0, most[name]);
  Object.assign(chat.about, about);
  Object.assign(chat.contact, about);
  if (chat.talks.length) void chat.introduce();
  chat.changed();
}
