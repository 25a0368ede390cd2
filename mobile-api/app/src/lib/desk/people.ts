// The table of buyers and exhibitors: whoever fits the words, in the order that is asked for. Pure.
import type { ArrangementsQuery } from '../api/generated';
import type { Buyer, Exhibitor } from '../catalogue';
import { fold, holds } from '../fold';
import { inLine, type Named } from '../names';

export type Stands = NonNullable<ArrangementsQuery['arrangements']>[number];
export const columns = ['name', 'home', 'code', 'meetings', 'wishes', 'wishedBy'] as const;
export type Column = (typeof columns)[number];

/** One row. */
export interface Row {
  id: string;
  href: string;
  name: Named;
  /** The person of a buyer, the booth of an exhibitor. */
  by: string;
  home: string;
  code: string;
  meetings: number;
  wishes: number;
  wishedBy: number;
  text: string;
}

const names = ({ written, reading, latin }: Named) => [written, reading, latin];
const text = (...parts: (string | null | undefined)[]) => fold(parts.filter(Boolean).join(' '));
const figures = (stands: Stands | undefined) => ({ meetings: stands?.meetings ?? 0, wishes: stands?.wishes ?? 0, wishedBy: stands?.wishedBy ?? 0 });

export const ofBuyer = ({ id, code, person, organisation }: Buyer, stands: Stands | undefined): Row => ({
  id,
  href: `/people/${id}`,
  name: organisation.name,
  by: person.name.written,
  home: organisation.region ?? '',
  code,
  ...figures(stands),
  text: text(...names(organisation.name), ...names(person.name), code, organisation.region),
});

export const ofExhibitor = ({ id, code, organisation, booth }: Exhibitor, stands: Stands | undefined): Row => ({
  id,
  href: `/booths/${id}`,
  name: organisation.name,
  by: booth?.code ?? '',
  home: organisation.region ?? '',
  code,
  ...figures(stands),
  text: text(...names(organisation.name), code, booth?.code, organisation.region),
});

/** Those who fit, in order; `-meetings` is from the most to the fewest. */
export function listed(rows: readonly Row[], words: string, order: string, language: string): Row[] {
  const down = order.startsWith('-');
  const column = (down ? order.slice(1) : order) as Column;
  const found = rows.filter((row) => holds(row.text, words));
  const compare = (a: Row, b: Row) => {
    if (column === 'name') return inLine(a.name, language).localeCompare(inLine(b.name, language), language);
    const [x, y] = [a[column], b[column]];
    return typeof x === 'number' ? x - Number(y) : x.localeCompare(String(y));
  };
  return [...found].sort((a, b) => (down ? -1 : 1) * compare(a, b) || a.code.localeCompare(b.code));
}
