// Icons: outlines of Lucide (ISC licence), 24 by 24.
import { h, type VNode } from 'preact';

const round = 'M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20m';
export const back = 'm12 19-7-7 7-7M19 12H5';
export const right = 'M5 12h14m-7-7 7 7-7 7';
export const up = 'm5 12 7-7 7 7M12 19V5';
export const cross = 'M18 6 6 18M6 6l12 12';
export const check = 'M20 6 9 17l-5-5';
export const checks = 'M18 6 7 17l-5-5m20 0-7.5 7.5L13 16';
export const alert = round + '0 6v4m0 4h0';
export const clock = round + '0 4v6l4 2';
export const turn = 'M21 12a9 9 0 1 1-6.2-8.6';
export const clip = 'm16 6-8.4 8.6a2 2 0 0 0 2.8 2.8l8.4-8.6a4 4 0 1 0-5.6-5.6l-8.4 8.6a6 6 0 1 0 8.5 8.4l8.4-8.6';
export const sheet = 'M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8l6 6v12a2 2 0 0 1-2 2zM14 2v6h6';

/** A face, from 1 (very sad) to 5 (very glad). */
export const face = (n: number): string => `${round}-3 7v1m6-1v1m-7 ${9.5 - n}q4 ${4 * n - 12} 8 0`;

/** An icon; what it means is said beside it. */
export const icon = (path: string, name = ''): VNode => (
  <svg class={'i ' + name} viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);
