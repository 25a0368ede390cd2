// Names: as they are written where the reader can read it, in Latin letters where not.
import { expect, it } from 'vitest';
import { below, besides, inLine, readable } from './names';

const hoshizora = { written: '星空レコード', reading: 'ホシゾラレコード', latin: 'Hoshizora Records' };
const thai = { written: 'ภูผามิวสิก', reading: null, latin: 'Phu Pha Music' };
const paris = { written: 'Éditions Cerf-volant', reading: null, latin: 'Editions Cerf-volant' };

it.each([
  [hoshizora, 'ja', '星空レコード'],
  [hoshizora, 'en', 'Hoshizora Records'],
  [thai, 'ja', 'Phu Pha Music'],
  [paris, 'en', 'Éditions Cerf-volant'],
  [{ written: '은하수유통' }, 'en', '은하수유통'],
])('%o in %s', (name, language, expected) => {
  expect(inLine(name, language)).toBe(expected);
});

it('digits and signs are readable everywhere', () => {
  expect(readable('88-Keys & Co.', 'en') && readable('88鍵・東京', 'ja')).toBe(true);
});

it('below stands another form, never the same again', () => {
  expect(below(hoshizora)).toBe('Hoshizora Records');
  expect(below({ written: 'Tan', latin: 'Tan' })).toBeUndefined();
  expect(besides(hoshizora, 'en')).toEqual(['星空レコード', 'ホシゾラレコード']);
});
