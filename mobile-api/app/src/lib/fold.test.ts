// Looking for a name: however it is written, it is found; and different letters stay different.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fold, holds } from './fold';

it('width, case, kana and accents do not matter', () => {
  for (const [a, b] of [
    ['ｱｵｷ', 'アオキ'],
    ['アオキ', 'あおき'],
    ['Ｈｏｓｈｉ', 'hoshi'],
    ['Jérôme', 'jerome'],
    ['Sabiá', 'SABIA'],
    ['ﾊﾞｯﾊ', 'ばっは'],
    ['  a\u3000b ', 'a b'],
  ] as const) {
    expect(fold(a)).toBe(fold(b));
  }
});

it('voiced kana are letters of their own', () => {
  expect(fold('ハ')).not.toBe(fold('バ'));
  expect(fold('か')).not.toBe(fold('が'));
});

it('folding twice changes nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
});

it('every word must be there, in any order', () => {
  const text = fold('星空レコード Hoshizora Records JP');
  expect(holds(text, 'records ホシ')).toBe(false);
  expect(holds(text, 'RECORDS 星空')).toBe(true);
  expect(holds(text, '')).toBe(true);
});
