import { expect, it } from 'vitest';
import { count, gap, level, percent, points, signed } from './figures';

it('groups thousands', () => {
  expect([count(173467, 'en'), count(7012, 'ja')]).toEqual(['173,467', '7,012']);
});

it('says 100 % and 0 % only where it is so', () => {
  const shown = (ratio: number, places?: number) => percent(ratio, 'en', places).replace('\u00a0', ' ');
  expect([shown(1), shown(0.99999), shown(0.987), shown(0.00001), shown(0)]).toEqual(['100 %', '99.9 %', '98.7 %', '0.1 %', '0 %']);
  expect([shown(0.996, 0), percent(0.5, 'ja')]).toEqual(['99 %', '50%']);
});

it('a gap of 0 is a proof', () => {
  const shown = (ratio: number) => gap(ratio, 'ja');
  expect([shown(0), shown(0.000022), shown(0.0134)]).toEqual(['0%', '0.0022%', '1.34%']);
});

it('differences carry their sign', () => {
  expect([signed(12, 'en'), signed(-1234, 'en'), signed(0, 'en')]).toEqual(['+12', '−1,234', '±0']);
  expect([points(0.0041, 'en'), points(-0.012, 'en'), points(0.0001, 'en')]).toEqual(['+0.4', '−1.2', '±0']);
});

it('only what is full is full', () => {
  expect([level(0, 4), level(1, 4), level(3, 4), level(4, 4), level(5, 4), level(1, 0)]).toEqual([0, 1, 3, 5, 5, 0]);
  expect(level(99, 100)).toBe(4);
});
