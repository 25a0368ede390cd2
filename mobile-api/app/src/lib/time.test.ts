// Times over zones and through changes of the clock: what is shown is that moment, wherever it is read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clock, date, day, ms, ownClock, until } from './time';

const ZONES = ['Asia/Tokyo', 'UTC', 'Europe/Paris', 'America/Sao_Paulo', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Pacific/Niue', 'Africa/Lagos'];
const zone = fc.constantFrom(...ZONES);
const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) });

describe('the venue’s clock', () => {
  it('has 24 hours and two digits', () => {
    fc.assert(fc.property(moment, zone, (at, zone) => /^([01]\d|2[0-3]):[0-5]\d$/.test(clock(at, zone))));
  });

  it('says midnight as 00:00, not 24:00', () => {
    expect(clock('2025-11-04T15:00:00Z', 'Asia/Tokyo')).toBe('00:00');
  });

  it('goes through both changes of the clock', () => {
    const paris = (at: string) => clock(at, 'Europe/Paris');
    expect(['2025-03-30T00:59:00Z', '2025-03-30T01:00:00Z'].map(paris)).toEqual(['01:59', '03:00']);
    expect(['2025-10-26T00:59:00Z', '2025-10-26T01:00:00Z', '2025-10-26T02:00:00Z'].map(paris)).toEqual(['02:59', '02:00', '03:00']);
  });

  it('reads moments as the API writes them', () => {
    fc.assert(fc.property(moment, zone, (at, zone) => clock(new Date(at).toISOString(), zone) === clock(at, zone)));
  });
});

describe('days', () => {
  it('are the venue’s', () => {
    expect(date('2025-11-04T15:30:00Z', 'Asia/Tokyo')).toBe('2025-11-05');
    expect(date('2025-11-04T15:30:00Z', 'America/Sao_Paulo')).toBe('2025-11-04');
  });

  it('are a word and a date', () => {
    expect(day('2025-11-05T03:00:00Z', 'Asia/Tokyo', 'en')).toBe('Wed 5 Nov');
    expect(day('2025-11-05T03:00:00Z', 'Asia/Tokyo', 'ja')).toBe('11月5日(水)');
  });

  it('change at midnight there and at no other minute', () => {
    fc.assert(
      fc.property(moment, zone, (at, zone) => {
        const minute = Math.floor(at / 60_000) * 60_000;
        const changed = date(minute, zone) !== date(minute - 60_000, zone);
        return changed === (clock(minute, zone) === '00:00');
      }),
    );
  });
});

describe('one’s own clock', () => {
  it('is shown only where it says something else', () => {
    expect(ownClock('2025-11-05T04:50:00Z', 'Asia/Tokyo', 'Asia/Seoul', 'en')).toBeUndefined();
    expect(ownClock('2025-11-05T04:50:00Z', 'Asia/Tokyo', 'Europe/Paris', 'en')).toBe('05:50');
    expect(ownClock('2025-11-05T04:50:00Z', 'Asia/Tokyo', 'America/New_York', 'en')).toBe('Tue 4 Nov 23:50');
  });

  it('never repeats the venue’s', () => {
    fc.assert(
      fc.property(moment, zone, zone, (at, there, own) => {
        const shown = ownClock(at, there, own, 'en');
        const same = clock(at, there) === clock(at, own) && date(at, there) === date(at, own);
        return (shown === undefined) === same;
      }),
    );
  });
});

describe('how long', () => {
  it('adds up to the minute, rounded up', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 40 * 86_400_000 }), (from, left) => {
        const { days, hours, minutes } = until(from, from + left);
        const sum = ((days * 24 + hours) * 60 + minutes) * 60_000;
        return sum >= left && sum - left < 60_000 && hours < 24 && minutes < 60;
      }),
    );
  });

  it('is nothing once it is past', () => {
    expect(until(ms('2025-11-05T04:50:00Z'), ms('2025-11-05T04:00:00Z'))).toEqual({ days: 0, hours: 0, minutes: 0 });
  });
});
