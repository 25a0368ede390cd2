// A booth's board, slot by slot: which places there are for a meeting that is picked up. Pure.
import type { BoardQuery } from './api/generated';

export type Row = NonNullable<BoardQuery['board']>['rows'][number];

/** How a place is: nobody there, free, offered, and the course of a meeting. */
export type State = Row['places'][number]['state'];

/** Each state's shape, so that it is told by more than its colour. */
export const marks = { UNSTAFFED: '–', FREE: '·', OFFERED: '▲', PLANNED: '', WAITING: '◐', STARTED: '●', ENDED: '✓', MISSED: '■' } as const satisfies Record<State, string>;

/** Whether a state says more than that somebody sits there or nobody does. */
export const tells = (state: State | undefined): state is Exclude<State, 'FREE' | 'PLANNED'> => !!state && state !== 'FREE' && state !== 'PLANNED';

/** A place of the board: a table in a slot. */
export interface Place {
  slot: number;
  table: number;
}

/** Where a meeting that may go to these slots would sit down: at the first free table, as the server seats it. */
export function targets(rows: readonly Row[], slots: ReadonlySet<number>): Place[] {
  return rows
    .filter(({ slot }) => slots.has(slot.number))
    .flatMap(({ slot, places }) => {
      const free = [...places].sort((a, b) => a.table - b.table).find(({ state }) => state === 'FREE');
      return free ? [{ slot: slot.number, table: free.table }] : [];
    });
}

/** What a row and a column have in common. */
export const keyOf = ({ slot, table }: Place): string => `${slot} ${table}`;
