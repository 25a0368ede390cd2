// The organizer's words, loaded with the organizer's screens only: `d('run.placed', { placed: 7012 })`. What every role
// reads is in lib/words.
import { preferences } from '../../preferences.svelte';
import { fill, type Names } from '../../words/words';
import { en } from './en';
import { ja } from './ja';

/** A key of the organizer's words. */
export type DeskWord = keyof typeof en;
/** One that wants nothing filled in. */
export type PlainWord = { [K in DeskWord]: [Names<(typeof en)[K]>] extends [never] ? K : never }[DeskWord];
type Arguments<K extends DeskWord> = [Names<(typeof en)[K]>] extends [never] ? [] : [Record<Names<(typeof en)[K]>, string | number>];

const sets: Record<'en' | 'ja', Record<DeskWord, string>> = { en, ja };

/** Whether there is a word of that key: for codes of the server, of which there may be new ones. */
export const known = (key: string): key is PlainWord => key in en;

/** The word or sentence of a key. */
export function d<K extends DeskWord>(key: K, ...filling: Arguments<K>): string {
  return fill(sets[preferences.language][key], filling[0]);
}
