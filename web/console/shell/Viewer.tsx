import { Picture, Viewing } from '../parts/Viewing';
import { shut, type Scene } from './stage';

/** The pictures of a message at full size. */
export default function Viewer({ scene: { pictures, at } }: { scene: Extract<Scene, { kind: 'viewer' }> }) {
  const pieces = pictures.map((p) => ({ ...p, url: p.url.replace(/[?&]inline=1$/, '') }));
  return <Viewing pieces={pieces} first={at} onShut={shut}>{(now) => <Picture key={now.url} of={now} />}</Viewing>;
}
