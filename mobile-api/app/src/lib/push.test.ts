import { expect, it } from 'vitest';
import { bytes } from './push';

it('keys are read as servers write them', () => {
  expect([...bytes('AQID')]).toEqual([1, 2, 3]);
  expect([...bytes('-_8')]).toEqual([251, 255]);
  expect(bytes('BGEw2wsHgLwzerjvnMTkbKrFRxdmwJ5S_k7zi7A1coR_sVjHmGrlvzYpAT1n4NPbioFlQkIrTNL8EH4V3ZZ4vJE')).toHaveLength(65);
});
