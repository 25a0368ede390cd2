// What a set of words is: every key of en.ts, with exactly the names in braces that en.ts has there. A language that
// lacks a key or spells a name differently does not pass svelte-check. The organizer's words (lib/desk/words) are made
// in the same way.
import type { en } from './en';

/** The names in braces of a text. */
export type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** A key of the words. */
export type Word = keyof typeof en;

/** What a key wants filled in. */
export type Filling<K extends Word> = Record<Names<(typeof en)[K]>, string | number>;

/** All words of a language. */
export type Words = Record<Word, string>;

/** The arguments of `t`: a filling only where the key wants one. */
export type Arguments<K extends Word> = [Names<(typeof en)[K]>] extends [never] ? [] : [Filling<K>];

/** Fills the names in braces. */
export function fill(text: string, filling: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(filling[name] ?? whole));
}
