// Times as people read them. The venue's clock comes first, 24 hours; the person's own clock stands beside it where it
// differs. Nothing here reads a clock: the moment is handed in.

/** A moment in milliseconds, or as the API writes it. */
export type Moment = number | string;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow, using it is not. */
function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(language, options)));
  return made;
}

/** In milliseconds. */
export const ms = (moment: Moment): number => (typeof moment === 'number' ? moment : Date.parse(moment));

/** `13:50`, in every language. */
export function clock(moment: Moment, zone: string): string {
  return format('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms(moment));
}

/** `Wed 5 Nov` or `11月5日(水)`. */
export function day(moment: Moment, zone: string, language: string): string {
  const options = { timeZone: zone, weekday: 'short', day: 'numeric', month: language === 'ja' ? 'long' : 'short' } as const;
  return format(language === 'ja' ? 'ja-JP' : 'en-GB', options).format(ms(moment)).replace(',', '');
}

/** `2025-11-05`: the day it is there. */
export function date(moment: Moment, zone: string): string {
  return format('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms(moment));
}

/** The person's own clock, where it shows something else than the venue's: `05:50`, and the day when that differs too. */
export function ownClock(moment: Moment, zone: string, own: string, language: string): string | undefined {
  if (zone === own) return undefined;
  const [there, here] = [clock(moment, zone), clock(moment, own)];
  const otherDay = date(moment, zone) !== date(moment, own);
  if (there === here && !otherDay) return undefined;
  return otherDay ? `${day(moment, own, language)} ${here}` : here;
}

/** The person's own zone. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** How long: whole days, hours and minutes. What has begun to count counts as a minute, so that it never says 0 too early. */
export function until(from: number, to: number): { days: number; hours: number; minutes: number } {
  const left = Math.max(0, Math.ceil((to - from) / MINUTE) * MINUTE);
  return {
    days: Math.floor(left / DAY),
    hours: Math.floor((left % DAY) / HOUR),
    minutes: Math.floor((left % HOUR) / MINUTE),
  };
}
