// A day with its gaps: nothing is lost, nothing is free that is taken.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { next, outside, parts, rows, type Day, type Entry } from './agenda';
import { ms } from './time';

const MINUTE = 60_000;
const START = ms('2025-11-05T01:00:00Z');
const iso = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();
const slot = (number: number, from: number) => ({ number, startsAt: iso(from), endsAt: iso(from + 20) });
/** Six slots, a break of an hour, six more. */
const day: Day = { number: 0, slots: [0, 25, 50, 75, 100, 125, 210, 235, 260, 285, 310, 335].map((from, number) => slot(number, from)) };

const entry = (from: number, until: number, kind: Entry['kind'] = 'SESSION'): Entry => ({
  kind,
  startsAt: iso(from),
  endsAt: iso(until),
  place: null,
  title: null,
  meeting: null,
});

it('free slots next to each other are one row, over the break they are two', () => {
  const shown = rows(day, [entry(50, 70)]);
  expect(shown.map((row) => (row.kind === 'free' ? row.slots.map(({ number }) => number) : 'taken'))).toEqual([[0, 1], 'taken', [3, 4, 5], [6, 7, 8, 9, 10, 11]]);
});

it('every slot is free or taken, never both, whatever the agenda', () => {
  const any = fc.array(fc.tuple(fc.integer({ min: -30, max: 400 }), fc.integer({ min: 5, max: 200 })), { maxLength: 8 });
  fc.assert(
    fc.property(any, (spans) => {
      const entries = spans.map(([from, long]) => entry(from, from + long));
      const shown = rows(day, entries);
      const free = new Set(shown.flatMap((row) => (row.kind === 'free' ? row.slots.map(({ number }) => number) : [])));
      for (const slot of day.slots) {
        const taken = entries.some((entry) => ms(entry.startsAt) < ms(slot.endsAt) && ms(slot.startsAt) < ms(entry.endsAt));
        expect(free.has(slot.number)).toBe(!taken);
      }
      expect(shown.filter((row) => row.kind === 'entry')).toHaveLength(entries.length);
      expect(shown.map((row) => row.at)).toEqual(shown.map((row) => row.at).toSorted((a, b) => a - b));
    }),
  );
});

it('the parts of a day are before and after its break', () => {
  expect(parts(day, []).map((part) => part.length)).toEqual([6, 6]);
});

it('what no slot shows is shown besides', () => {
  const lunch = entry(150, 200);
  expect(outside(day, [lunch, entry(0, 20)])).toEqual([lunch]);
});

it('next is what is under way, then what comes; own blocks are nowhere to go to', () => {
  const entries = [entry(0, 20), entry(25, 45, 'ABSENCE'), entry(50, 70)];
  expect(next(entries, START + 10 * MINUTE)).toBe(entries[0]);
  expect(next(entries, START + 20 * MINUTE)).toBe(entries[2]);
  expect(next(entries, START + 70 * MINUTE)).toBeUndefined();
});
