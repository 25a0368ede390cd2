// Questions and their last answers. An answer that was kept is shown at once with its age, then asked for anew. A
// question is asked while somebody looks at it, and again whenever something may have changed.
import { createSubscriber } from 'svelte/reactivity';
import { ask, NoAnswer, type Answer, type Given, type Query, type Trouble, type Variables } from '../api/ask';
import { preferences } from '../preferences.svelte';
import { shelf } from './shelf';

/** Younger answers are not asked for again merely because a screen was opened. */
const FRESH = 10_000;
/** A server that was busy is asked again after so long, while somebody looks. */
const BUSY = 5_000;

interface Kept<T> {
  answer: T;
  at: number;
}

const kept = shelf<Kept<unknown>>('answers');

/** Everything that was asked since the page was loaded. */
const readings = new Map<string, Reading<unknown>>();
/**
 * Counts what changed in any of them. One signal for all, made here: one that is made while something is derived is not
 * heard by what is being derived.
 */
const changes = $state({ count: 0 });
/** When something was last said to have changed: older answers are asked for anew when they are looked at. */
let outdated = 0;

export class Reading<T> implements Shown<T> {
  #answer: T | undefined;
  #at = 0;
  /** When it was answered in this visit; what was kept from an earlier one is always asked for anew. */
  #heardAt = 0;
  #trouble: Trouble | undefined;
  #shelved: Promise<unknown> | undefined;
  #asking: Promise<void> | undefined;
  #again = false;
  #watch: () => void;
  watched = false;

  constructor(
    readonly key: string,
    readonly question: () => Promise<T>,
  ) {
    this.#watch = createSubscriber(() => {
      this.watched = true;
      void this.refresh(FRESH);
      return () => {
        this.watched = false;
      };
    });
  }

  /** The last answer; reading it makes the question be asked. */
  get answer(): T | undefined {
    this.#heard();
    return this.#answer;
  }

  /** When it was given, by this device's clock; 0: never. */
  get at(): number {
    this.#heard();
    return this.#at;
  }

  /** Why there is none newer. */
  get trouble(): Trouble | undefined {
    this.#heard();
    return this.#trouble;
  }

  /** By itself it has come when it is answered. */
  readonly waits = false;

  #heard() {
    this.#watch();
    void changes.count;
  }

  /** Asks, unless the answer is younger than so many milliseconds. */
  async refresh(fresh = 0): Promise<void> {
    // What is kept is looked up and what is new is asked for at once; whichever is there first is shown.
    this.#shelved ??= this.#fetchShelf();
    const young = Date.now() - this.#heardAt < fresh && this.#heardAt > outdated;
    if (young && !this.#trouble) return;
    // An answer that is on its way may be from before what has changed: then it is asked for once more.
    if (this.#asking && !fresh) this.#again = true;
    this.#asking ??= this.#askAll().finally(() => (this.#asking = undefined));
    await this.#asking;
  }

  async #fetchShelf() {
    const found = (await kept.get(this.key)) as Kept<T> | undefined;
    if (!found || this.#at) return;
    this.#answer = found.answer;
    this.#at = found.at;
    changes.count++;
  }

  async #askAll() {
    do {
      this.#again = false;
      await this.#ask();
    } while (this.#again);
  }

  async #ask() {
    try {
      const answer = await this.question();
      // The same answer leaves the page as it is.
      if (JSON.stringify(answer) !== JSON.stringify(this.#answer)) this.#answer = answer;
      this.#at = this.#heardAt = Date.now();
      this.#trouble = undefined;
      changes.count++;
      if (readings.get(this.key) === (this as Reading<unknown>)) await kept.set(this.key, { answer, at: this.#at });
    } catch (error) {
      // What is kept is shown with what is wrong, not after it.
      await this.#shelved;
      this.#trouble = error instanceof NoAnswer ? error.trouble : 'broken';
      changes.count++;
      if (this.#trouble === 'busy') setTimeout(() => void (this.watched && this.refresh()), BUSY);
    }
  }
}

function shared<T>(key: string, question: () => Promise<T>): Reading<T> {
  let found = readings.get(key) as Reading<T> | undefined;
  if (!found) readings.set(key, (found = new Reading(key, question)) as Reading<unknown>);
  return found;
}

/** A question by its operation, for everybody who asks the same. */
export function reading<N extends Query>(operation: N, ...given: Given<N>): Reading<Answer<N>> {
  const variables = given[0] ?? {};
  // Sentences of the server are in the language asked in.
  const key = `${operation} ${preferences.language} ${JSON.stringify(variables)}`;
  return shared(key, () => ask(operation, ...given));
}

type Paged = { edges: { node: unknown }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

/** The most entries of a page, and the most pages that are asked for. */
const PAGE = 100;
const MOST_PAGES = 50;

/** All entries of a list, page by page. */
export function whole<N extends Query, T>(operation: N, of: (answer: Answer<N>) => Paged | null, kind: (node: never) => T): Reading<T[]> {
  return shared(`${operation} whole`, async () => {
    const nodes: T[] = [];
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const variables = { first: PAGE, after } as unknown as Variables<N>;
      const found: Paged | null = of(await ask(operation, ...([variables] as unknown as Given<N>)));
      if (!found) break;
      nodes.push(...found.edges.map((edge) => kind(edge.node as never)));
      after = found.pageInfo.endCursor;
      if (!found.pageInfo.hasNextPage) break;
    }
    return nodes;
  });
}

/** What a screen draws of a question. */
export interface Shown<T> {
  readonly key: string;
  readonly answer: T | undefined;
  readonly at: number;
  readonly trouble: Trouble | undefined;
  /** Whether something that is drawn with it has still to come. */
  readonly waits: boolean;
  refresh(): Promise<void>;
}

/**
 * A question together with others whose answers a screen draws above or within its own: nothing of it is drawn before all
 * have come, so that none pushes another away. For what cannot be had nobody waits.
 */
export function joined<T>(main: Shown<T>, ...others: (Shown<unknown> | undefined)[]): Shown<T> {
  const beside = others.filter((other) => other !== undefined);
  // Each is looked at, whatever the others say: looking is what makes it be asked.
  const states = beside.map(({ answer, trouble, waits }) => ({ trouble, waits: waits || (answer === undefined && !trouble) }));
  const { key, answer, at } = main;
  return {
    key,
    answer,
    at,
    trouble: main.trouble ?? states.find(({ trouble }) => trouble)?.trouble,
    waits: main.waits || states.some(({ waits }) => waits),
    refresh: async () => void (await Promise.all([main, ...beside].map((one) => one.refresh()))),
  };
}

/** Something may have changed: what is looked at is asked for anew, the rest when it is looked at. */
export async function renew(fresh = 0): Promise<void> {
  if (!fresh) outdated = Date.now();
  await Promise.all([...readings.values()].filter((reading) => reading.watched).map((reading) => reading.refresh(fresh)));
}

/** Forgets every answer: another person is here, or nobody. */
export async function forget(): Promise<void> {
  readings.clear();
  changes.count++;
  await kept.clear();
}
