// Both languages are whole, and nothing that people read stands in a component.
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { en as deskEn } from '../desk/words/en';
import { ja as deskJa } from '../desk/words/ja';
import { en } from './en';
import { ja } from './ja';
import { fill } from './words';

/** What everybody reads, and what is loaded with the organizer's screens only. */
const whole: [string, Record<string, string>, Record<string, string>][] = [
  ['the app', en, ja],
  ['the desk', deskEn, deskJa],
];
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

it.each(whole)('%s: both have the same keys', (_, en, ja) => {
  expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
});

it.each(whole)('%s: no word is empty, and both have the same names to fill in', (_, en, ja) => {
  for (const [key, text] of Object.entries(en)) {
    for (const set of [en, ja]) expect(set[key]?.trim(), key).toBeTruthy();
    expect(names(ja[key] ?? ''), key).toEqual(names(text));
  }
});

it.each(whole)('%s: Japanese is in Japanese', (_, __, ja) => {
  const latin = Object.entries(ja).filter(([, text]) => !/[\u3040-\u30ff\u4e00-\u9fff]/.test(text));
  // What is the same in every language.
  const same = ['board.tableShort', 'genre.j-pop', 'genre.rnb', 'import.size'];
  expect(latin.map(([key]) => key).filter((key) => !same.includes(key))).toEqual([]);
});

it('names in braces are filled in, unknown ones stay', () => {
  expect(fill('in {minutes} min, {what}', { minutes: 8 })).toBe('in 8 min, {what}');
});

/** The text of a component that is neither script, style, comment, tag nor expression. */
function literals(source: string): string[] {
  let text = source.replace(/<!--[^]*?-->/g, '').replace(/<(script|style)\b[^]*?<\/\1>/g, '');
  // Attributes people hear or read.
  const attributes = [...text.matchAll(/\s(?:aria-label|title|placeholder|alt|label)="([^"{]*[^"{\s][^"{]*)"/g)].map(([, value]) => value ?? '');
  // Expressions, from the inside out.
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\{[^{}]*\}/g, '');
  }
  const shown = text.replace(/<[^>]*>/g, '\n').split('\n');
  return [...attributes, ...shown].filter((part) => /\p{Letter}/u.test(part));
}

const root = new URL('../../', import.meta.url);
const components = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.svelte'));

it.each(components)('%s holds no words of its own', (file) => {
  expect(literals(readFileSync(new URL(file, root), 'utf8'))).toEqual([]);
});

it('the scan finds what it looks for', () => {
  expect(literals('<p>Hello {name}</p>')).toEqual(['Hello ']);
  expect(literals('<button aria-label="Close">×</button>')).toEqual(['Close']);
  expect(literals("<p>{t('a.b', { c: 1 })} · {#if x}–{/if}</p>")).toEqual([]);
});
