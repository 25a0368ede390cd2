// Every booth is drawn once, inside its zone, big enough for a finger, over nothing else, in whatever width.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plan, type Booth } from './plan';

const halls = [
  { code: 'H1', zones: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] },
  { code: 'H2', zones: [{ code: 'D' }, { code: 'E' }] },
];
const booth = fc.record({ zone: fc.constantFrom('A', 'B', 'C', 'D', 'E'), number: fc.integer({ min: 1, max: 60 }) });
const market = fc.uniqueArray(booth, { selector: ({ zone, number }) => `${zone}${number}`, maxLength: 80 });

type Box = { x: number; y: number; width: number; height: number };
const inside = (a: Box, b: Box) => a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width + 0.01 && a.y + a.height <= b.y + b.height + 0.01;
const apart = (a: Box, b: Box) => a.x + a.width <= b.x + 0.01 || b.x + b.width <= a.x + 0.01 || a.y + a.height <= b.y + 0.01 || b.y + b.height <= a.y + 0.01;

it('holds for any market and width', () => {
  fc.assert(
    fc.property(market, fc.integer({ min: 300, max: 1400 }), (numbers, width) => {
      const booths: Booth[] = numbers.map(({ zone, number }) => ({ zone, code: `${zone}-${number}` }));
      const laid = plan(halls, booths, width);
      const drawn = laid.zones.flatMap((zone) => zone.booths.map((booth) => ({ ...booth, zone })));
      expect(drawn.map(({ code }) => code).sort()).toEqual(booths.map(({ code }) => code).sort());
      for (const booth of drawn) {
        expect(inside(booth, booth.zone)).toBe(true);
        expect(Math.min(booth.width, booth.height)).toBeGreaterThanOrEqual(44);
      }
      for (const zone of laid.zones) expect(laid.halls.some((hall) => inside(zone, hall))).toBe(true);
      drawn.forEach((a, i) => drawn.slice(i + 1).forEach((b) => expect(apart(a, b)).toBe(true)));
      laid.zones.forEach((a, i) => laid.zones.slice(i + 1).forEach((b) => expect(apart(a, b)).toBe(true)));
    }),
    { numRuns: 60 },
  );
});

it('booths stand in order of their numbers', () => {
  const laid = plan(halls, ['A-10', 'A-2', 'A-1'].map((code) => ({ code, zone: 'A' })), 360);
  expect(laid.zones[0]?.booths.map(({ code }) => code)).toEqual(['A-1', 'A-2', 'A-10']);
});
