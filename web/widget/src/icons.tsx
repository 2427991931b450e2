// Icons: outlines of Lucide (ISC licence), 24 by 24.
import { h } from 'preact';

const round = 'M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20m';
const paths = {
  back: 'm12 19-7-7 7-7M19 12H5',
  right: 'M5 12h14m-7-7 7 7-7 7',
  up: 'm5 12 7-7 7 7M12 19V5',
  x: 'M18 6 6 18M6 6l12 12',
  check: 'M20 6 9 17l-5-5',
  checks: 'M18 6 7 17l-5-5m20 0-7.5 7.5L13 16',
  alert: round + '0 6v4m0 4h0',
  clock: round + '0 4v6l4 2',
  loader: 'M21 12a9 9 0 1 1-6.2-8.6',
  clip: 'm16 6-8.4 8.6a2 2 0 0 0 2.8 2.8l8.4-8.6a4 4 0 1 0-5.6-5.6l-8.4 8.6a6 6 0 1 0 8.5 8.4l8.4-8.6',
  smile: round + '3 8V9m-6 1V9m7.5 6a6 6 0 0 1-9 0',
  file: 'M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8l6 6v12a2 2 0 0 1-2 2zM14 2v6h6',
};

export type IconName = keyof typeof paths;

/** An icon; what it means is said beside it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class={`i i-${name}`} viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
