// What must hold on every screen, whoever looks at it and how: each thing that is wrong as a sentence.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { Device } from './device';
import { all } from './words';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** How much of the page may move once the skeleton is gone: a sign that changes its width, no more. */
const SHIFT = 0.02;
/** First parts of keys: what looks like one is a word nobody wrote. */
const FAMILIES = new Set(Object.keys(all.en).map((key) => key.split('.')[0]));

declare global {
  interface Window {
    kept: { shifts: { at: number; value: number; what: string }[]; skeleton: number; refused: string[] };
    axe: { run: (node: Document, options: object) => Promise<{ violations: { id: string; help: string; nodes: { target: string[]; html: string }[] }[] }> };
  }
}

/** What accessibility's rules find wrong. */
export async function axe(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations);
  return violations.map(({ id, help, nodes }) => `axe ${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** What reaches out of the window to the right. */
export async function sideways(page: Page): Promise<string[]> {
  const found = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    // What scrolls within itself is not to blame.
    const own = (it: Element | null): boolean => !!it && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(it).overflowX) || own(it.parentElement));
    const wide = [...document.querySelectorAll('main *, nav *')].filter((it) => it.getBoundingClientRect().right > width + 1 && !own(it));
    return wide.length ? wide.slice(-3).map((it) => it.outerHTML.slice(0, 160)) : [`the page is ${document.documentElement.scrollWidth} wide`];
  });
  return found.map((html) => `scrolls sideways: ${html}`);
}

/** What people see, hear and can touch, as texts. */
const texts = (page: Page) =>
  page.evaluate(() => {
    const spoken = [...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].flatMap((it) => ['aria-label', 'title', 'placeholder', 'alt'].map((name) => it.getAttribute(name) ?? ''));
    const seen: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const around = walk.currentNode.parentElement;
      // Names say which language they are in; the page's own words do not.
      if (!around?.closest('script, style, noscript, svg') && around?.closest('[lang]') === document.documentElement) seen.push(walk.currentNode.textContent ?? '');
    }
    return [document.title, ...spoken, ...seen].map((text) => text.trim()).filter(Boolean);
  });

/** Keys instead of words, names in braces nobody filled in, values that are none, and words of the other language. */
export async function unsaid({ page, look }: Pick<Device, 'page' | 'look'>): Promise<string[]> {
  const own = new Set<string>(Object.values(all[look.language]));
  const others = new Set(Object.values(all[look.language === 'ja' ? 'en' : 'ja']).filter((word) => !own.has(word) && word.length > 3));
  const wrong = (text: string) =>
    /\{\w+\}|\bundefined\b|\bNaN\b|\[object |Invalid Date/.test(text) ||
    others.has(text) ||
    (text.match(/\b[a-z]+(?:\.[a-zA-Z0-9_]+)+\b/g) ?? []).some((word) => FAMILIES.has(word.split('.')[0]) && !word.includes('@') && !text.includes('://'));
  return [...new Set((await texts(page)).filter(wrong))].map((text) => `not said in words: ${text.slice(0, 120)}`);
}

/** The page's name and its one heading. */
export async function named(page: Page): Promise<string[]> {
  const [title, headings] = await page.evaluate(() => [document.title.trim(), [...document.querySelectorAll('h1')].map((it) => it.textContent?.trim() ?? '')] as const);
  const problems = title ? [] : ['no title'];
  if (headings.length !== 1 || !headings[0]) problems.push(`headings of the first rank: ${JSON.stringify(headings)}`);
  return problems;
}

/** What moved after the skeleton had gone. */
export async function jumped(page: Page): Promise<string[]> {
  const { shifts, skeleton } = await page.evaluate(() => window.kept);
  const late = shifts.filter(({ at }) => at > skeleton);
  const sum = late.reduce((total, { value }) => total + value, 0);
  const said = `moves by ${sum.toFixed(3)}: ${late.map(({ value, what }) => `${value.toFixed(3)} ${what}`).join('; ')}`;
  return sum < SHIFT ? [] : [said];
}

/** Everything that is wrong with the screen a device shows, at rest. */
export async function judge(device: Device): Promise<string[]> {
  const { page } = device;
  const refused = await page.evaluate(() => window.kept.refused);
  return [
    ...device.faults.splice(0),
    ...refused.map((text) => `the content policy refused ${text}`),
    ...(await jumped(page)),
    ...(await named(page)),
    ...(await sideways(page)),
    ...(await unsaid(device)),
    ...(await axe(page)),
  ];
}
