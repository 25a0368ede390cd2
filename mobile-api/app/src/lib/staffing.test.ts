import { expect, it } from 'vitest';
import { fitting, put, same, staffed, type Span } from './staffing';

const at = (hour: number) => `2025-11-05T${String(hour).padStart(2, '0')}:00:00Z`;
const span = (from: number, until: number, tables: number): Span => ({ startsAt: at(from), endsAt: at(until), tables });
const lunch = span(12, 13, 1);

it.each([
  [[], 9, 4],
  [[lunch], 12, 1],
  [[lunch], 11, 4],
  [[span(11, 13, 2), span(13, 15, 0)], 12, 2],
  [[span(8, 18, 9)], 12, 4],
] as const)('of %j at %i: %i', (spans, hour, expected) => {
  expect(staffed(span(hour, hour + 1, 0), 4, spans)).toBe(expected);
});

it.each([
  ['into nothing', [], lunch, [lunch]],
  ['beside another', [span(9, 10, 2)], lunch, [span(9, 10, 2), lunch]],
  ['into the middle of another', [span(10, 15, 2)], lunch, [span(10, 12, 2), lunch, span(13, 15, 2)]],
  ['over several', [span(9, 11, 2), span(11, 14, 3)], span(10, 12, 0), [span(9, 10, 2), span(10, 12, 0), span(12, 14, 3)]],
  ['next to one that says the same', [span(11, 12, 1)], lunch, [span(11, 13, 1)]],
  ['with all tables', [span(10, 15, 2)], span(12, 13, 4), [span(10, 12, 2), span(13, 15, 2)]],
] as const)('a span put %s', (_, spans, added, expected) => {
  expect(put(spans, added, 4)).toEqual(expected);
});

it('fewer tables make spans needless', () => {
  expect(fitting([span(9, 10, 2), lunch], 2)).toEqual([lunch]);
});

it('order and cuts do not make a difference', () => {
  expect(same([span(11, 12, 1), span(9, 11, 1)], [span(9, 12, 1)])).toBe(true);
  expect(same([span(9, 12, 1)], [span(9, 12, 2)])).toBe(false);
});
