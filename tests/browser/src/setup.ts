// Before all tests: the seed's market, published once by the product's own commands; tests serve copies of it.
import type { TestProject } from 'vitest/node';
import { makeMarket, remove } from './market';

declare module 'vitest' {
  interface ProvidedContext {
    /** The data folder of the seed's market with its timetable published. */
    published: string;
  }
}

export default async function setup(project: TestProject) {
  const published = await makeMarket('published');
  project.provide('published', published);
  return () => remove(published);
}
