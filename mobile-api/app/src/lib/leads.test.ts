import { expect, it } from 'vitest';
import { leads, narrowed, type Lead } from './leads';

type Outcome = NonNullable<Lead['outcome']>;
const outcome = (part: Partial<Outcome>): Outcome => ({ rating: null, note: '', interest: null, nextStep: '', deal: false, ...part });
const lead = (id: string, number: number, part: Partial<Lead> = {}): Lead => ({
  id,
  table: 1,
  buyerCameAt: null,
  startedAt: null,
  staff: null,
  outcome: null,
  slot: { number, startsAt: '', endsAt: '' },
  buyer: { id, code: id, person: { name: { written: 'Ana Silva', latin: null }, languages: [] }, organisation: { name: { written: '星空レコード', latin: 'Hoshizora Records' }, region: 'JP' }, genres: [], rights: [] },
  ...part,
});

const came = lead('came', 3, { buyerCameAt: '2025-11-05T01:00:00Z' });
const held = lead('held', 5, { startedAt: '2025-11-05T02:00:00Z', outcome: outcome({ interest: 'STRONG', deal: true, note: 'Catalogue for Brasil' }) });
const noted = lead('noted', 4, { outcome: outcome({ interest: 'SOME' }) });
const ahead = lead('ahead', 9);

it('whoever came or was noted is a lead, the latest first', () => {
  expect(leads([came, ahead, held, noted]).map(({ id }) => id)).toEqual(['held', 'noted', 'came']);
});

it.each([
  [{ words: '', interest: '', deal: false }, ['came', 'held', 'noted']],
  [{ words: '', interest: 'STRONG', deal: false }, ['held']],
  [{ words: '', interest: 'UNNOTED', deal: false }, ['came']],
  [{ words: '', interest: '', deal: true }, ['held']],
  [{ words: 'brasil catalogue', interest: '', deal: false }, ['held']],
  [{ words: 'ホシゾラ', interest: '', deal: false }, []],
  [{ words: 'hoshizora', interest: 'SOME', deal: false }, ['noted']],
] as const)('%j leaves %j', (by, expect_) => {
  expect(narrowed([came, held, noted], by).map(({ id }) => id)).toEqual(expect_);
});
