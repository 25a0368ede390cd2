// The app's own words, so that tests find what people read and do not repeat it.
import { en as desksEn } from '../../../mobile-api/app/src/lib/desk/words/en';
import { ja as desksJa } from '../../../mobile-api/app/src/lib/desk/words/ja';
import { en } from '../../../mobile-api/app/src/lib/words/en';
import { ja } from '../../../mobile-api/app/src/lib/words/ja';
import { fill, type Arguments, type Word, type Words } from '../../../mobile-api/app/src/lib/words/words';

export type Language = 'ja' | 'en';
export type { Word };
const sets: Record<Language, Words> = { en, ja };

/** The organizer's besides. */
export const all: Record<Language, Record<string, string>> = { en: { ...en, ...desksEn }, ja: { ...ja, ...desksJa } };

/** Speaks a language as the app does: `say('today.inMinutes', { minutes: 8 })`. */
export type Say = <K extends Word>(key: K, ...filling: Arguments<K>) => string;
export const speaker =
  (language: Language): Say =>
  (key, ...filling) =>
    fill(sets[language][key], filling[0]);

/** The same as a pattern: whatever may be filled in stands for anything. */
export function pattern(language: Language, key: Word): RegExp {
  const parts = sets[language][key].split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.+?'));
}
