// What an organizer does: sent at once or not at all. Nothing of it waits for a network, for by then the market is
// another one. What got no answer can be sent again: with the same key, so that it is done once.
import { ask, NoAnswer, type Answer, type Given, type Mutation, type Trouble, type Variables } from '../api/ask';
import { fresh } from '../fresh';
import { refusalIn, type Refusal } from '../store/outbox.svelte';
import { renew } from '../store/reading.svelte';

/** What became of it. */
export type Done<N extends Mutation> =
  | { kind: 'done'; answer: Answer<N> }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'failed'; trouble: Trouble };

/** One thing that is done on a screen, and what became of it last. */
export class Acting<N extends Mutation> {
  busy = $state(false);
  outcome = $state.raw<Done<N>>();
  #unanswered = new Map<string, string>();

  constructor(readonly operation: N) {}

  /** Does it; `variables` are handed the key, or the id of what is new. */
  async do(variables: (key: string) => Variables<N>): Promise<Done<N>> {
    const what = JSON.stringify(variables(''));
    const key = this.#unanswered.get(what) ?? fresh();
    this.busy = true;
    this.outcome = undefined;
    try {
      const answer = await ask(this.operation, ...([variables(key)] as unknown as Given<N>));
      this.#unanswered.delete(what);
      const refusal = refusalIn(answer);
      this.outcome = refusal ? { kind: 'refused', refusal } : { kind: 'done', answer };
      // Nothing is done again on a page that does not show yet what this one did.
      void renew().finally(() => (this.busy = false));
    } catch (error) {
      this.#unanswered.set(what, key);
      this.outcome = { kind: 'failed', trouble: error instanceof NoAnswer ? error.trouble : 'broken' };
      this.busy = false;
    }
    return this.outcome;
  }

  forget() {
    this.outcome = undefined;
  }
}

/** A question asked on demand, as what-if and previews are: its answer, or why there is none. */
export class Asking<T> {
  busy = $state(false);
  answer = $state.raw<T>();
  trouble = $state<Trouble>();
  /** What the server said of it, where it said something. */
  said = $state('');

  async do(question: () => Promise<T>): Promise<T | undefined> {
    this.busy = true;
    this.trouble = undefined;
    this.said = '';
    try {
      this.answer = await question();
    } catch (error) {
      this.answer = undefined;
      this.trouble = error instanceof NoAnswer ? error.trouble : 'broken';
      // Of a network that is away only the browser speaks, in its own words.
      this.said = error instanceof NoAnswer && error.trouble !== 'offline' ? error.message : '';
    } finally {
      this.busy = false;
    }
    return this.answer;
  }
}
