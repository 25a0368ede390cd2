// Figures as people compare them: grouped, with a true minus, and with as many places as say something. Pure.

const formats = new Map<string, Intl.NumberFormat>();

function format(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en-GB', options)));
  return made;
}

/** `173,467` */
export const count = (number: number, language: string): string => format(language, { maximumFractionDigits: 0 }).format(number);

/** `98.7 %`; what is not whole is never shown as 100 %, what is not nothing never as 0 %. */
export function percent(ratio: number, language: string, places = 1): string {
  const step = 10 ** -(places + 2);
  const shown = ratio > 0 && ratio < 1 ? Math.min(1 - step, Math.max(step, ratio)) : ratio;
  const text = format(language, { maximumFractionDigits: places }).format(shown * 100);
  return language === 'ja' ? `${text}%` : `${text}\u00a0%`;
}

/** How far from the best possible: with more places the nearer it is, so that only what is proved is 0. */
export const gap = (ratio: number, language: string): string => percent(ratio, language, ratio && ratio < 0.001 ? 4 : 2);

/** `+12`, `−3`, `±0` */
export function signed(number: number, language: string): string {
  if (number === 0) return '±0';
  return `${number > 0 ? '+' : '−'}${count(Math.abs(number), language)}`;
}

/** A difference of shares in points of a hundred: `+0.4`, `−1.2`, `±0`. */
export function points(difference: number, language: string): string {
  const rounded = Math.round(difference * 1000) / 10;
  if (rounded === 0) return '±0';
  return `${rounded > 0 ? '+' : '−'}${format(language, { maximumFractionDigits: 1 }).format(Math.abs(rounded))}`;
}

/** How full, in so many steps: 0 nothing, the last one only when it is full. */
export function level(part: number, whole: number, steps = 5): number {
  if (part <= 0 || whole <= 0) return 0;
  if (part >= whole) return steps;
  return Math.max(1, Math.min(steps - 1, Math.ceil((part / whole) * (steps - 1))));
}
