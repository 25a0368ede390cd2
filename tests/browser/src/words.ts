// The app's own words, so that tests find what people read and do not repeat it.
import { en as desksEn } from '../../../mobile-api/app/src/lib/desk/words/en';
import { ja as desksJa } from '../../../mobile-api/app/src/lib/desk/words/ja';
import { en } from '../../../mobile-api/app/src/lib/words/en';
import { ja } from '../../../mobile-api/app/src/lib/words/ja';
import { fill, type Names } from '../../../mobile-api/app/src/lib/words/words';

export type Language = 'ja' | 'en';
/** Everybody's words and the organizer's. */
type Texts = Omit<typeof desksEn, keyof typeof en> & typeof en;
export type Word = keyof Texts;
type Arguments<K extends Word> = [Names<Texts[K]>] extends [never] ? [] : [Record<Names<Texts[K]>, string | number>];

/** Where both have a key, it is everybody's. */
export const all: Record<Language, Record<string, string>> = { en: { ...desksEn, ...en }, ja: { ...desksJa, ...ja } };
const word = (language: Language, key: Word): string => all[language][key] ?? '';

/** Speaks a language as the app does: `say('today.inMinutes', { minutes: 8 })`. */
export type Say = <K extends Word>(key: K, ...filling: Arguments<K>) => string;
export const speaker =
  (language: Language): Say =>
  (key, ...filling) =>
    fill(word(language, key), filling[0]);

/** The same as a pattern: whatever may be filled in stands for anything. */
export function pattern(language: Language, key: Word): RegExp {
  const parts = word(language, key).split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.+?'));
}
