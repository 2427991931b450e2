import type { Clock } from '@relevo/shared/api/desk';
import { describe, expect, it } from 'vitest';
import { nextClock, standing } from '../parts/clocks';

const hour = 3_600_000;
const now = Date.parse('2026-03-02T15:00:00.000Z');
const at = (hours: number): string => new Date(now + hours * hour).toISOString();
const clock = (of: Partial<Clock>): Clock => ({ promised_seconds: 3 * 3600, paused: false, breached: false, ...of });

describe('a clock', () => {
  it('counts down, and is amber in its last third', () => {
    expect(standing(clock({ due: at(2) }), now)).toMatchObject({ state: 'plain', left: 2 * hour });
    expect(standing(clock({ due: at(0.9) }), now).state).toBe('due');
  });
  it('is amber when its contract warns', () => {
    expect(standing(clock({ due: at(2), warn_at: at(-0.1) }), now).state).toBe('due');
    expect(standing(clock({ due: at(0.9), warn_at: at(0.5) }), now).state).toBe('plain');
  });
  it('is never fuller than full over a night', () => {
    expect(standing(clock({ due: at(17) }), now).share).toBe(1);
  });
  it('is late once it is due, and while it stands too', () => {
    expect(standing(clock({ due: at(-1) }), now)).toMatchObject({ state: 'late', left: -hour });
    expect(standing(clock({ due: at(-1), paused: true, breached: true, remaining_seconds: -60 }), now)).toMatchObject({ state: 'late', left: -60_000 });
  });
  it('stands still while paused', () => {
    expect(standing(clock({ paused: true, remaining_seconds: 60 }), now)).toMatchObject({ state: 'paused', left: 60_000 });
  });
  it('is done once it ended', () => {
    expect(standing(clock({ ended_at: at(-1) }), now).state).toBe('done');
  });
});

describe('the next clock', () => {
  it('is the first that comes due of those that run', () => {
    const clocks = { first_response: clock({ ended_at: at(-1), due: at(-2) }), next_response: clock({ due: at(2) }), resolution: clock({ due: at(1) }) };
    expect(nextClock(clocks)?.target).toBe('resolution');
    expect(nextClock({ resolution: clock({ paused: true, remaining_seconds: 5 }) })).toBeUndefined();
    expect(nextClock(undefined)).toBeUndefined();
  });
});
