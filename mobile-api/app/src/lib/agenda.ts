// A person's agenda laid over the slots of the market: what is now, what is next, and where there is room. Pure.
import type { EventQuery, MyAgendaQuery } from './api/generated';
import { date, ms } from './time';

export type Entry = NonNullable<MyAgendaQuery['myAgenda']>['entries'][number];
export type Meeting = NonNullable<Entry['meeting']>;
export type Day = EventQuery['event']['days'][number];
export type Slot = Day['slots'][number];

/** One row of a day: something, or room for something. */
export type Row = { kind: 'entry'; at: number; entry: Entry; slot?: Slot } | { kind: 'free'; at: number; until: number; slots: Slot[] };

/** Between slots there are minutes to change over; a longer pause is a break in which nobody meets. */
const CHANGEOVER = 15 * 60_000;

const overlaps = (a: { startsAt: string; endsAt: string }, b: { startsAt: string; endsAt: string }) =>
  ms(a.startsAt) < ms(b.endsAt) && ms(b.startsAt) < ms(a.endsAt);

/** What takes time: meetings that take place, sessions, absences. */
export function entriesOf(agenda: MyAgendaQuery | undefined): Entry[] {
  return (agenda?.myAgenda?.entries ?? []).filter((entry) => entry.meeting?.state !== 'CANCELLED');
}

/** The entries that touch a day. */
export function onDay(entries: readonly Entry[], day: Day, zone: string): Entry[] {
  const first = day.slots[0];
  if (!first) return [];
  const wanted = date(first.startsAt, zone);
  return entries.filter((entry) => date(entry.startsAt, zone) <= wanted && wanted <= date(ms(entry.endsAt) - 1, zone));
}

/** A day in order of time, with its free slots; those next to each other are one row. */
export function rows(day: Day, entries: readonly Entry[]): Row[] {
  const taken: Row[] = entries.map((entry) => ({
    kind: 'entry',
    at: ms(entry.startsAt),
    entry,
    slot: day.slots.find((slot) => slot.startsAt === entry.startsAt),
  }));
  const free: Extract<Row, { kind: 'free' }>[] = [];
  for (const slot of day.slots) {
    if (entries.some((entry) => overlaps(entry, slot))) continue;
    const last = free.at(-1);
    const between = (entry: Entry) => last && ms(entry.startsAt) >= last.until && ms(entry.startsAt) < ms(slot.startsAt);
    const joins = last && ms(slot.startsAt) - last.until <= CHANGEOVER && !entries.some(between);
    if (joins) {
      last.until = ms(slot.endsAt);
      last.slots.push(slot);
    } else {
      free.push({ kind: 'free', at: ms(slot.startsAt), until: ms(slot.endsAt), slots: [slot] });
    }
  }
  return [...taken, ...free].sort((a, b) => a.at - b.at);
}

/** A place of a day in which there is something or nothing. */
export interface Cell {
  slot: Slot;
  entries: Entry[];
}

/** The slots of a day by its parts: before and after a break. */
export function parts(day: Day, entries: readonly Entry[]): Cell[][] {
  const found: Cell[][] = [];
  for (const slot of day.slots) {
    const last = found.at(-1)?.at(-1)?.slot;
    const cell = { slot, entries: entries.filter((entry) => overlaps(entry, slot)) };
    if (last && ms(slot.startsAt) - ms(last.endsAt) <= CHANGEOVER) found.at(-1)?.push(cell);
    else found.push([cell]);
  }
  return found;
}

/** Entries that no slot of the day shows: at lunch, in the evening. */
export function outside(day: Day, entries: readonly Entry[]): Entry[] {
  return entries.filter((entry) => !day.slots.some((slot) => overlaps(entry, slot)));
}

/** The entry that is under way or comes next. */
export function next(entries: readonly Entry[], now: number): Entry | undefined {
  return entries.find((entry) => ms(entry.endsAt) > now && entry.kind !== 'ABSENCE');
}

/** Everything that begins with an entry: a booth has a meeting at every table. */
export const together = (entries: readonly Entry[], first: Entry): Entry[] => entries.filter(({ startsAt }) => startsAt === first.startsAt);

/** What tells one entry of an agenda from another. */
export const keyOf = (entry: Entry): string => entry.meeting?.id ?? `${entry.kind} ${entry.startsAt}`;

/** The day that is on, else the next one, else the last. */
export function dayAt(days: readonly Day[], now: number, zone: string): Day | undefined {
  const today = date(now, zone);
  return days.find((day) => day.slots[0] && date(day.slots[0].startsAt, zone) >= today) ?? days.at(-1);
}

/** The slot that begins at a moment. */
export function slotAt(days: readonly Day[], moment: string): Slot | undefined {
  return days.flatMap((day) => day.slots).find((slot) => ms(slot.startsAt) === ms(moment));
}
