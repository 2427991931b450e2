// Messages wait here until the desk has them, through reloads and dead lines. Each keeps its client_id, so that it is
// taken once however often it is sent.

/** Makes an outbox kept under a name. send(body) posts one; changed() is told of every change. */
export function outbox(name, send, changed) {
  let items = JSON.parse(localStorage.getItem(name) ?? '[]');
  let flushing = false, timer, tries = 0;
  const save = () => { localStorage.setItem(name, JSON.stringify(items)); changed(); };

  async function flush() {
    if (flushing) return;
    flushing = true;
    clearTimeout(timer);
    for (let next; (next = items.find((m) => !m.fault)); ) {
      try {
        await send(next.body);
        items = items.filter((m) => m !== next);
        tries = 0;
        save();
      } catch (refusal) {
        const later = !refusal.status || refusal.status >= 500 || refusal.status === 429;
        if (!later) {
          next.fault = refusal.message;
          save();
          continue;
        }
        timer = setTimeout(flush, Math.min(30_000, 1000 * 2 ** tries++));
        break;
      }
    }
    flushing = false;
  }

  addEventListener('online', () => { tries = 0; flush(); });
  return {
    items: () => items,
    flush,
    add(body) { items.push({ body, at: new Date().toISOString() }); save(); flush(); },
    drop(id) { items = items.filter((m) => m.body.client_id !== id); save(); },
    again(id) { for (const m of items) if (m.body.client_id === id) delete m.fault; save(); flush(); },
    clear() { items = []; save(); },
  };
}
