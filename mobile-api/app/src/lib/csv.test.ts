import { expect, it } from 'vitest';
import { csv } from './csv';

const line = (...cells: (string | number | null)[]) => csv([], [cells]).split('\r\n')[1];

it('begins with the mark of UTF-8 and ends every line', () => {
  expect(csv(['a', 'b'], [['1', 2]])).toBe('\ufeff"a","b"\r\n"1",2\r\n');
});

it('quotes, commas and line ends stay within their cell', () => {
  expect(line('say "hi", you', 'two\nlines')).toBe('"say ""hi"", you","two\nlines"');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '＠a'])('%j is no formula', (text) => {
  expect(line(text)).toBe(`"'${text}"`);
});

it('names and numbers stay as they are', () => {
  expect(line('星空レコード', 'O’Neill - Sons', 5, -1, null, '')).toBe('"星空レコード","O’Neill - Sons",5,-1,,""');
});
