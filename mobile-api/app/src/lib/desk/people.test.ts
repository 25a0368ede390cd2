import { expect, it } from 'vitest';
import { listed, ofBuyer, type Row } from './people';

const row = (code: string, written: string, meetings: number, reading?: string): Row =>
  ofBuyer(
    { id: code, code, person: { name: { written: `Person ${code}` } }, organisation: { name: { written, reading, latin: null }, region: 'JP' } } as never,
    { id: code, meetings, wishes: 0, wishedBy: 0 },
  );
const rows = [row('B02', '星空レコード', 12, 'ほしぞら'), row('B01', 'Éclat', 12), row('B03', 'Zephyr', 3)];
const codes = (words: string, order: string) => listed(rows, words, order, 'en').map(({ code }) => code);

it('finds by any way to write, by person and by number', () => {
  expect([codes('ホシゾラ', 'code'), codes('eclat', 'code'), codes('person b03', 'code'), codes('b02', 'code')]).toEqual([['B02'], ['B01'], ['B03'], ['B02']]);
});

it('orders by figure both ways, equal ones by number', () => {
  expect([codes('', 'meetings'), codes('', '-meetings'), codes('', 'code')]).toEqual([
    ['B03', 'B01', 'B02'],
    ['B01', 'B02', 'B03'],
    ['B01', 'B02', 'B03'],
  ]);
});
