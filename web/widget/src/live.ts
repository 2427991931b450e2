// The open line, as docs/live.md describes it: a frame is a hint, and after a gap what is shown is read again.
import { pause } from './pause';
import type { Frame } from './wire';

export interface Line {
  /** Sends a frame if the line is open. */
  send(frame: object): void;
  /** Connects now instead of later; if the line seems open, makes sure that it lives. */
  wake(): void;
}

export interface LineParts {
  /** The address of a new connection, with its ticket. */
  address(): Promise<string>;
  /** Re-reads what is shown, after each connect. */
  opened(): Promise<void>;
  /** Gets every frame once. */
  hear(frame: Frame): void;
  /** Told when the line is lost, and when it is back and all was read. */
  state(open: boolean): void;
}

const ping = 30_000, patience = 8000; // ms

export function liveLine({ address, opened, hear, state }: LineParts): Line {
  let socket: WebSocket | undefined, timer: ReturnType<typeof setTimeout>, tries = 0, asking = false;
  let seen: string[] = [];
  const later = (ms: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
  const send = (frame: object) => socket?.readyState === 1 && socket.send(JSON.stringify(frame));

  /** Asks for a sign of life, and lets go of a line that gives none: closing a dead one would take long. */
  function ask() {
    send({ type: 'ping' });
    later(patience, lose);
  }

  function lose() {
    if (socket) socket.onclose = socket.onmessage = null;
    socket?.close();
    socket = undefined;
    state(false);
    later(tries ? pause(tries - 1) : 200, connect);
    tries++;
  }

  async function connect() {
    asking = true;
    later(ping, lose);
    try {
      const mine = (socket = new WebSocket(await address()));
      mine.onclose = lose;
      mine.onopen = () =>
        opened().then(
          () => {
            tries = 0;
            state(true);
            later(ping, ask);
          },
          () => mine.close(),
        );
      mine.onmessage = ({ data }) => {
        const frame = JSON.parse(data) as Frame;
        later(ping, ask);
        if (!frame.data) return state(true); // an answer to a frame of ours
        if (seen.includes(frame.id)) return;
        seen = [...seen.slice(-300), frame.id];
        hear(frame);
      };
    } catch {
      lose();
    } finally {
      asking = false;
    }
  }

  void connect();
  return {
    send,
    wake() {
      tries = 0;
      if (socket?.readyState === 1) ask();
      else if (!asking && !(socket && socket.readyState < 2)) later(0, connect);
    },
  };
}
