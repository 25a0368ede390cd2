import { expect, it } from 'vitest';
import { answered, asked, ended, mine, moved, wanted, type Shift } from './shifts';

const at = (number: number) => ({ number, startsAt: `2025-11-05T0${number}:00:00Z` });
const step = (part: Partial<Shift['steps'][number]>): Shift['steps'][number] => ({ message: '', meetingId: 'm1', asked: false, yes: null, from: at(1), to: at(2), exhibitor: null, buyer: null, ...part });
const shift = (id: string, part: Partial<Shift>): Shift => ({ id, state: 'ASKED', mine: false, awaited: 1, madeAt: '2025-11-04T00:00:00Z', expiresAt: '2025-11-05T00:00:00Z', steps: [], ...part });

const soon = shift('soon', { expiresAt: '2025-11-04T12:00:00Z', steps: [step({ asked: true, meetingId: 'm2' })] });
const late = shift('late', { steps: [step({ asked: true }), step({ asked: true, meetingId: 'm3' })] });
const said = shift('said', { steps: [step({ yes: true })] });
const own = shift('own', { mine: true, steps: [step({ from: null, meetingId: null }), step({ meetingId: null })] });
const past = shift('past', { mine: true, state: 'REFUSED' });

it('what waits for an answer comes in order of its end, one entry a meeting', () => {
  expect(asked([late, said, own, past, soon]).map(({ meeting }) => meeting)).toEqual(['m2', 'm1', 'm3']);
});

it('what was answered waits for others, until the shift has ended', () => {
  expect(answered([late, said, own]).map(({ shift }) => shift.id)).toEqual(['said']);
  expect(answered([{ ...said, state: 'DONE' }])).toEqual([]);
});

it('one’s own question is told apart from those that have ended', () => {
  expect(mine([own, past, late]).map(({ id }) => id)).toEqual(['own']);
  expect(ended([own, past, late]).map(({ id }) => id)).toEqual(['past']);
  expect(wanted(own)?.from).toBeNull();
  expect(moved(own)).toBe(1);
});
