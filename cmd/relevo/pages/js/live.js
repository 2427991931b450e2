// The open line, as docs/live.md describes it: a frame is a hint, and after a gap what is shown is read again.

/** Keeps a line open. ticket() gives a ticket; opened(line) runs after each connect and re-reads what is shown;
 *  frame(f) gets every frame once; state(text) gets "open" or "lost". */
export function liveLine({ ticket, opened, frame, state }) {
  let socket, pinging, tries = 0, stopped = false, timer, nextID = 0;
  const seen = [];
  const waiting = new Map();

  async function connect() {
    clearTimeout(timer);
    if (stopped) return;
    try {
      const address = new URL('/live', location.href);
      address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
      address.searchParams.set('ticket', await ticket());
      socket = new WebSocket(address);
    } catch {
      return later();
    }
    socket.onopen = async () => {
      clearInterval(pinging);
      pinging = setInterval(() => line.send({ type: 'ping' }), 30_000);
      try {
        await opened(line);
        tries = 0;
        state('open');
      } catch {
        socket.close();
      }
    };
    socket.onmessage = (event) => receive(JSON.parse(event.data));
    socket.onclose = later;
  }

  function receive(f) {
    if (['ok', 'pong', 'error'].includes(f.type)) {
      waiting.get(f.id)?.(f);
      waiting.delete(f.id);
      return;
    }
    if (seen.includes(f.id)) return;
    seen.push(f.id);
    if (seen.length > 500) seen.shift();
    frame(f);
  }

  function later() {
    clearInterval(pinging);
    for (const answer of waiting.values()) answer({ type: 'error' });
    waiting.clear();
    if (stopped) return;
    state('lost');
    const pause = tries === 0 ? 200 : Math.min(30_000, 1000 * 2 ** (tries - 1));
    tries++;
    timer = setTimeout(connect, pause * (0.75 + Math.random() / 2));
  }

  const line = {
    send(f) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(f));
    },
    /** Sends a frame and waits for its answer. */
    ask(f) {
      const id = String(++nextID);
      return new Promise((resolve, reject) => {
        if (socket?.readyState !== WebSocket.OPEN) return reject(new Error('no connection'));
        waiting.set(id, (answer) => (answer.type === 'error' ? reject(new Error(answer.error?.message ?? 'refused')) : resolve(answer)));
        line.send({ ...f, id });
      });
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
  addEventListener('online', () => { if (socket?.readyState !== WebSocket.OPEN) { tries = 0; connect(); } });
  connect();
  return line;
}
