// Shifts as one side sees them: which of one's own meetings are asked to move, and how one's own question stands. Pure.
import type { MyShiftsQuery } from './api/generated';

export type Shift = NonNullable<MyShiftsQuery['myShifts']>[number];
export type Step = Shift['steps'][number];

/** A meeting of one's own that would move, with the shift it would move for. */
export interface Move {
  shift: Shift;
  step: Step;
  meeting: string;
}

const moves = (shift: Shift): Move[] => shift.steps.flatMap((step) => (step.from && step.meetingId ? [{ shift, step, meeting: step.meetingId }] : []));
const soonest = (a: Shift, b: Shift) => a.expiresAt.localeCompare(b.expiresAt);

/** Those that wait for one's own answer, the most urgent first. */
export const asked = (shifts: readonly Shift[]): Move[] =>
  shifts
    .filter(({ state, mine }) => state === 'ASKED' && !mine)
    .sort(soonest)
    .flatMap(moves)
    .filter(({ step }) => step.asked);

/** Those that one has answered and that wait for others. */
export const answered = (shifts: readonly Shift[]): Move[] =>
  shifts
    .filter(({ state, mine }) => state === 'ASKED' && !mine)
    .sort(soonest)
    .flatMap(moves)
    .filter(({ step }) => !step.asked && step.yes !== null);

/** What one has asked of others and what waits for them, the most urgent first. */
export const mine = (shifts: readonly Shift[]): Shift[] => shifts.filter((shift) => shift.mine && shift.state === 'ASKED').sort(soonest);

/** What became of one's own questions, the newest first. */
export const ended = (shifts: readonly Shift[]): Shift[] =>
  shifts.filter((shift) => shift.mine && shift.state !== 'ASKED').sort((a, b) => b.madeAt.localeCompare(a.madeAt));

/** The meeting that a shift is for. */
export const wanted = (shift: Shift): Step | undefined => shift.steps.find(({ from }) => !from);

/** How many others a shift would move. */
export const moved = (shift: Shift): number => shift.steps.filter(({ from }) => from).length;
