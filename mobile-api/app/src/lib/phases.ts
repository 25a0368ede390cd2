// In which phases of the market the app offers what; the server has the last word.
import type { EventQuery } from './api/generated';

export type Phase = EventQuery['event']['phase'];

const among = (...phases: Phase[]) => (phase: Phase | undefined): boolean => !!phase && phases.includes(phase);

/** Ranking others. */
export const canWish = among('WISHES', 'OPEN_CALENDAR', 'ON_SITE');
/** Saying whom one will not meet. */
export const canAvoid = among('WISHES', 'CALCULATED', 'OPEN_CALENDAR', 'FINAL', 'ON_SITE');
/** Absences, arrival and departure. */
export const canBeAway = among('WISHES', 'OPEN_CALENDAR', 'ON_SITE');
/** Languages, quota, whether one may be booked without asking. */
export const canDescribe = among('WISHES', 'OPEN_CALENDAR');
/** Noting what came of a meeting. */
export const canNote = among('ON_SITE', 'AFTER');
/** Naming who of the booth sits at a meeting, asking an adviser to join. */
export const canSeat = among('OPEN_CALENDAR', 'FINAL', 'ON_SITE');
/** A few words to the other side of a meeting. */
export const canTalk = among('OPEN_CALENDAR', 'FINAL', 'ON_SITE', 'AFTER');
