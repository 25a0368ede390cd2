import { expect, it } from 'vitest';
import { targets, type Row } from './board';

const row = (number: number, ...states: Row['places'][number]['state'][]): Row => ({
  slot: { number, startsAt: '', endsAt: '' },
  places: states.map((state, at) => ({ table: at + 1, state, meeting: null })),
});

it('a meeting sits down at the first free table of the slots it may go to', () => {
  const rows = [row(0, 'FREE', 'FREE'), row(1, 'PLANNED', 'FREE'), row(2, 'FREE', 'FREE')];
  expect(targets(rows, new Set([0, 1]))).toEqual([
    { slot: 0, table: 1 },
    { slot: 1, table: 2 },
  ]);
});

it('where nobody is or a place is offered there is none', () => {
  expect(targets([row(0, 'UNSTAFFED', 'OFFERED'), row(1, 'STARTED', 'MISSED')], new Set([0, 1]))).toEqual([]);
});
