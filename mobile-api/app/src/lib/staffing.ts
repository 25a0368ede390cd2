// When how many of a booth's tables are staffed: spans that do not overlap, in order of time. Pure.
import { ms } from './time';

export interface Span {
  startsAt: string;
  endsAt: string;
  tables: number;
}
type Times = { startsAt: string; endsAt: string };

const overlaps = (a: Times, b: Times) => ms(a.startsAt) < ms(b.endsAt) && ms(b.startsAt) < ms(a.endsAt);

/** How many tables are staffed throughout: the fewest of any span that touches the time, else all. */
export const staffed = (time: Times, tables: number, spans: readonly Span[]): number =>
  Math.min(tables, ...spans.filter((span) => overlaps(span, time)).map((span) => span.tables));

/** The spans with this one put over them; what it does not cover stays. As many as there are tables: it is taken out. */
export function put(spans: readonly Span[], span: Span, tables: number): Span[] {
  const rest = spans.flatMap((old) => {
    if (!overlaps(old, span)) return [old];
    const before = { ...old, endsAt: span.startsAt };
    const after = { ...old, startsAt: span.endsAt };
    return [before, after].filter(({ startsAt, endsAt }) => ms(startsAt) < ms(endsAt));
  });
  return joined(fitting([...rest, span], tables));
}

/** Only what says less than "all of them"; never more tables than there are. */
export const fitting = (spans: readonly Span[], tables: number): Span[] => spans.filter((span) => span.tables < tables);

/** In order of time; those that touch and say the same are one. */
function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => ms(a.startsAt) - ms(b.startsAt))) {
    const last = found.at(-1);
    if (last && last.tables === span.tables && ms(last.endsAt) === ms(span.startsAt)) last.endsAt = span.endsAt;
    else found.push({ ...span });
  }
  return found;
}

/** Whether two ways to say it are the same. */
export const same = (a: readonly Span[], b: readonly Span[]): boolean => {
  const plain = (spans: readonly Span[]) => JSON.stringify(joined(spans).map(({ startsAt, endsAt, tables }) => [ms(startsAt), ms(endsAt), tables]));
  return plain(a) === plain(b);
};
