// Before all tests: the seed's market, published once by the product's own commands; tests serve copies of it.
import type { TestProject } from 'vitest/node';
import { changedSeed, makeMarket, remove, STRANGE, withVisitor } from './market';

declare module 'vitest' {
  interface ProvidedContext {
    /** The data folder of the seed's market with its timetable published. */
    published: string;
    /** The same with few wishes: most of everybody's time is free. */
    quiet: string;
  }
}

/** Ten buyers wish, and nobody else; one is called by letters that run the other way, with pictures in between. */
function few(name: string, text: string): string {
  if (name === 'wishes.csv') return text.split('\n').filter((row) => /^(by|B01\d),/.test(row)).join('\n').concat('\n');
  if (name === 'buyers.csv') return text.replace(/^B111,[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,/m, `B111,${STRANGE.organisation},,${STRANGE.name},,,`);
  return text;
}

export default async function setup(project: TestProject) {
  const whole = changedSeed((name, text) => (name === 'people.csv' ? withVisitor(text) : text));
  const files = changedSeed(few);
  const [published, quiet] = await Promise.all([makeMarket('published', whole), makeMarket('published', files)]);
  project.provide('published', published);
  project.provide('quiet', quiet);
  return () => [whole, files, published, quiet].forEach(remove);
}
