// Every booth is drawn once, inside its zone, big enough for a finger, over nothing else, in whatever width.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LINE, plan, wrapped, type Booth } from './plan';

const halls = [
  { code: 'H1', zones: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] },
  { code: 'H2', zones: [{ code: 'D' }, { code: 'E' }] },
];
const booth = fc.record({ zone: fc.constantFrom('A', 'B', 'C', 'D', 'E'), number: fc.integer({ min: 1, max: 60 }) });
const market = fc.uniqueArray(booth, { selector: ({ zone, number }) => `${zone}${number}`, maxLength: 80 });

/** Letters of eight units: names of so many lines as they need. */
const measure = (text: string) => text.length * 8;
const heading = (code: string, width: number) => wrapped(`${code} · Anime, games and everything else`, width, measure);

type Box = { x: number; y: number; width: number; height: number };
const inside = (a: Box, b: Box) => a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width + 0.01 && a.y + a.height <= b.y + b.height + 0.01;
const apart = (a: Box, b: Box) => a.x + a.width <= b.x + 0.01 || b.x + b.width <= a.x + 0.01 || a.y + a.height <= b.y + 0.01 || b.y + b.height <= a.y + 0.01;

it('holds for any market and width', () => {
  fc.assert(
    fc.property(market, fc.integer({ min: 300, max: 1400 }), (numbers, width) => {
      const booths: Booth[] = numbers.map(({ zone, number }) => ({ zone, code: `${zone}-${number}` }));
      const laid = plan(halls, booths, width, heading);
      const drawn = laid.zones.flatMap((zone) => zone.booths.map((booth) => ({ ...booth, zone })));
      expect(drawn.map(({ code }) => code).sort()).toEqual(booths.map(({ code }) => code).sort());
      for (const booth of drawn) {
        expect(inside(booth, booth.zone)).toBe(true);
        expect(Math.min(booth.width, booth.height)).toBeGreaterThanOrEqual(44);
        // The heading's last line stands above the first booth.
        expect(booth.y).toBeGreaterThan(booth.zone.y + 20 + (booth.zone.lines.length - 1) * LINE);
      }
      for (const zone of laid.zones) expect(laid.halls.some((hall) => inside(zone, hall))).toBe(true);
      drawn.forEach((a, i) => drawn.slice(i + 1).forEach((b) => expect(apart(a, b)).toBe(true)));
      laid.zones.forEach((a, i) => laid.zones.slice(i + 1).forEach((b) => expect(apart(a, b)).toBe(true)));
    }),
    { numRuns: 60 },
  );
});

it('booths stand in order of their numbers', () => {
  const laid = plan(halls, ['A-10', 'A-2', 'A-1'].map((code) => ({ code, zone: 'A' })), 360, heading);
  expect(laid.zones[0]?.booths.map(({ code }) => code)).toEqual(['A-1', 'A-2', 'A-10']);
});

it('a heading is broken between words, in both languages, and nothing of it is lost', () => {
  expect(wrapped('A · Groups and labels', 100, measure)).toEqual(['A · Groups', 'and labels']);
  expect(wrapped('A · Groups and labels', 1000, measure)).toEqual(['A · Groups and labels']);
  const japanese = wrapped('B · アニメ・ゲーム・映像', 80, measure);
  expect(japanese.length).toBeGreaterThan(1);
  expect(japanese.join('')).toBe('B · アニメ・ゲーム・映像');
  for (const line of japanese) expect(measure(line)).toBeLessThanOrEqual(88);
});
