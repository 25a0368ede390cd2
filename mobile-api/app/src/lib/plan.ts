// A schematic plan out of what is known: halls with their zones, zones with their booths in order. Not to scale; where
// things really stand is on no record. Pure: a width goes in, rectangles come out, with headings in lines that fit them.

export interface Booth {
  code: string;
  zone: string;
}

export interface Hall {
  code: string;
  zones: { code: string }[];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A part of the plan with a heading: as many lines as it needs. */
interface Part extends Box {
  code: string;
  lines: string[];
}

export interface Plan {
  width: number;
  height: number;
  halls: Part[];
  zones: (Part & { booths: (Box & { code: string })[] })[];
}

/** The lines of the heading of the hall or zone with this code, in this width. */
export type Heading = (code: string, width: number) => string[];

const GAP = 12;
/** Room for a heading of one line, and for each further one. */
const HEAD = 30;
export const LINE = 18;
/** Between booths; a booth is never smaller than a finger. */
const AISLE = 6;
const LEAST = 46;
const HIGH = 48;
/** From this width on, zones stand side by side. */
const WIDE = 620;

const head = (lines: readonly string[]) => HEAD + Math.max(0, lines.length - 1) * LINE;

/**
 * A text in lines of a width, broken between words, also where no spaces stand between them. A word that is wider than all
 * of it stands in a line of its own.
 */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  // A browser that does not know words draws one line.
  if (!('Segmenter' in Intl)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    // Signs stay with the word before them.
    if (isWordLike && line && measure(line + segment) > width) {
      lines.push(line.trimEnd());
      line = segment;
    } else line += segment;
  }
  return [...lines, line.trimEnd()];
}

/** A zone in a given width: its heading, then its booths in rows. */
function block(zone: { code: string }, booths: readonly Booth[], at: { x: number; y: number; width: number }, heading: Heading) {
  const inside = at.width - 2 * GAP;
  const lines = heading(zone.code, inside);
  const columns = Math.max(1, Math.min(Math.max(booths.length, 4), Math.floor((inside + AISLE) / (LEAST + AISLE))));
  const width = (inside - (columns - 1) * AISLE) / columns;
  const placed = booths.map(({ code }, number) => ({
    code,
    x: at.x + GAP + (number % columns) * (width + AISLE),
    y: at.y + head(lines) + Math.floor(number / columns) * (HIGH + AISLE),
    width,
    height: HIGH,
  }));
  const rows = Math.max(1, Math.ceil(booths.length / columns));
  return { code: zone.code, lines, ...at, height: head(lines) + rows * (HIGH + AISLE) - AISLE + GAP, booths: placed };
}

/** The plan in a width. */
export function plan(halls: readonly Hall[], booths: readonly Booth[], width: number, heading: Heading): Plan {
  const laid: Plan = { width, height: 0, halls: [], zones: [] };
  const order = (a: Booth, b: Booth) => a.code.localeCompare(b.code, 'en', { numeric: true });
  const columns = width >= WIDE ? 2 : 1;
  let y = 0;
  for (const hall of halls) {
    const top = y;
    const lines = heading(hall.code, width - 2 * GAP);
    y += head(lines);
    const wide = (width - GAP * (columns + 1)) / columns;
    for (let first = 0; first < hall.zones.length; first += columns) {
      const row = hall.zones.slice(first, first + columns).map((zone, column) => {
        const own = booths.filter((booth) => booth.zone === zone.code).sort(order);
        return block(zone, own, { x: GAP + column * (wide + GAP), y, width: wide }, heading);
      });
      const height = Math.max(...row.map((zone) => zone.height));
      laid.zones.push(...row.map((zone) => ({ ...zone, height })));
      y += height + GAP;
    }
    laid.halls.push({ code: hall.code, lines, x: 0, y: top, width, height: y - top });
    y += GAP;
  }
  laid.height = Math.max(0, y - GAP);
  return laid;
}
