// The words in the language that is chosen: `t('today.inMinutes', { minutes: 8 })`. Names of regions, languages and
// lists come from the browser, which knows them all.
import { preferences } from '../preferences.svelte';
import { en } from './en';
import { ja } from './ja';
import { fill, type Arguments, type Word, type Words } from './words';

const sets: Record<'en' | 'ja', Words> = { en, ja };

/** The word or sentence of a key. */
export function t<K extends Word>(key: K, ...filling: Arguments<K>): string {
  return fill(sets[preferences.language][key], filling[0]);
}

/** One of both languages of a text of the market. */
export function both(text: { ja: string; en: string } | null | undefined): string {
  return text ? text[preferences.language] || text.en || text.ja : '';
}

const names = new Map<string, Intl.DisplayNames>();

function named(type: 'region' | 'language', code: string): string {
  const key = `${type} ${preferences.language}`;
  try {
    // Making it is slow, asking it is not.
    let made = names.get(key);
    if (!made) names.set(key, (made = new Intl.DisplayNames([preferences.language], { type })));
    return made.of(code) ?? code;
  } catch {
    // Not a code the browser knows how to read: as it is.
    return code;
  }
}

/** `JP` → Japan, 日本. */
export const region = (code: string): string => named('region', code);

/** `pt` → Portuguese, ポルトガル語. */
export const language = (code: string): string => named('language', code);

/** Several names in a row. */
export function list(items: readonly string[]): string {
  return items.join(preferences.language === 'ja' ? '、' : ', ');
}

/** A genre: `city-pop` → City pop, シティポップ. They are the organizer's words; those we do not know stand as they are. */
export function genre(code: string): string {
  const key = `genre.${code}`;
  return key in en ? t(key as 'genre.folk') : code.replaceAll('-', ' ');
}
