// A schematic plan out of what is known: halls with their zones, zones with their booths in order. Not to scale; where
// things really stand is on no record. Pure: a width goes in, rectangles come out.

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

export interface Plan {
  width: number;
  height: number;
  halls: (Box & { code: string })[];
  zones: (Box & { code: string; booths: (Box & { code: string })[] })[];
}

const GAP = 12;
/** Room for a heading. */
const HEAD = 30;
/** Between booths; a booth is never smaller than a finger. */
const AISLE = 6;
const LEAST = 46;
const HIGH = 48;
/** From this width on, zones stand side by side. */
const WIDE = 620;

/** A zone in a given width: its booths in rows. */
function block(zone: { code: string }, booths: readonly Booth[], at: { x: number; y: number; width: number }) {
  const inside = at.width - 2 * GAP;
  const columns = Math.max(1, Math.min(Math.max(booths.length, 4), Math.floor((inside + AISLE) / (LEAST + AISLE))));
  const width = (inside - (columns - 1) * AISLE) / columns;
  const placed = booths.map(({ code }, number) => ({
    code,
    x: at.x + GAP + (number % columns) * (width + AISLE),
    y: at.y + HEAD + Math.floor(number / columns) * (HIGH + AISLE),
    width,
    height: HIGH,
  }));
  const lines = Math.max(1, Math.ceil(booths.length / columns));
  return { code: zone.code, ...at, height: HEAD + lines * (HIGH + AISLE) - AISLE + GAP, booths: placed };
}

/** The plan in a width. */
export function plan(halls: readonly Hall[], booths: readonly Booth[], width: number): Plan {
  const laid: Plan = { width, height: 0, halls: [], zones: [] };
  const order = (a: Booth, b: Booth) => a.code.localeCompare(b.code, 'en', { numeric: true });
  const columns = width >= WIDE ? 2 : 1;
  let y = 0;
  for (const hall of halls) {
    const top = y;
    y += HEAD;
    const wide = (width - GAP * (columns + 1)) / columns;
    for (let first = 0; first < hall.zones.length; first += columns) {
      const row = hall.zones.slice(first, first + columns).map((zone, column) => {
        const own = booths.filter((booth) => booth.zone === zone.code).sort(order);
        return block(zone, own, { x: GAP + column * (wide + GAP), y, width: wide });
      });
      const height = Math.max(...row.map((zone) => zone.height));
      laid.zones.push(...row.map((zone) => ({ ...zone, height })));
      y += height + GAP;
    }
    laid.halls.push({ code: hall.code, x: 0, y: top, width, height: y - top });
    y += GAP;
  }
  laid.height = Math.max(0, y - GAP);
  return laid;
}
