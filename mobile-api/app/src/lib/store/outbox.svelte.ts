// Actions on their way. Each carries an id or key of its own making, by which the server does it once however often it
// is sent; so an action is kept before it is sent, sent again after a reload or a dead network, in order, and dropped
// when there is an answer. A refusal nobody was there to read stays until it was read.
import { ask, NoAnswer, type Answer, type Given, type Mutation, type Variables } from '../api/ask';
import { connection } from '../connection.svelte';
import { fresh } from '../fresh';
import { shelf } from './shelf';

export interface Refusal {
  code: string;
  message: string;
  alternatives?: string[];
}

type OutboxWord = `outbox.${'book' | 'cancel' | 'request' | 'accept' | 'decline' | 'counter' | 'withdraw' | 'move' | 'fitIn' | 'wish' | 'absence' | 'free' | 'stay' | 'profile' | 'here' | 'late' | 'end' | 'noShow' | 'outcome' | 'standby' | 'offer' | 'shift' | 'swap' | 'staffing' | 'staff' | 'adviser' | 'release' | 'message'}`;

/** What an action is, in words that survive a change of language. */
export interface Label {
  word: OutboxWord;
  name: string;
  time: string;
}

export interface Action {
  id: string;
  /** Orders them. */
  number: number;
  operation: Mutation;
  variables: unknown;
  label: Label;
  state: 'queued' | 'sending' | 'refused';
  refusal?: Refusal;
}

/** What became of an action. */
export type Outcome<N extends Mutation> =
  | { kind: 'done'; answer: Answer<N> }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'queued' };

const kept = shelf<Action>('actions');

/** The refusal within an answer, if that is what it is. */
export function refusalIn(answer: unknown): Refusal | undefined {
  const result = Object.values(answer as Record<string, unknown>)[0] as { __typename?: string } | null;
  // Denied is absent.
  if (!result) return { code: 'not_found', message: '' };
  return result.__typename === 'Refusal' ? (result as unknown as Refusal) : undefined;
}

class Outbox {
  actions = $state.raw<Action[]>([]);
  #loaded: Promise<void> | undefined;
  #done = new Set<() => void>();

  get waiting(): number {
    return this.actions.filter((action) => action.state !== 'refused').length;
  }

  get refused(): number {
    return this.actions.length - this.waiting;
  }

  /** What is done after an action was. */
  whenDone(act: () => void) {
    this.#done.add(act);
  }

  /** Takes up what an earlier visit left, and sends it whenever the server is there. */
  async start() {
    await this.#load();
    connection.whenBack(() => void this.replay());
    if (connection.reachable) await this.replay();
  }

  #load(): Promise<void> {
    this.#loaded ??= kept.all().then((found) => {
      const actions = found.map(([, action]) => ({ ...action, state: action.state === 'sending' ? 'queued' : action.state }) as Action);
      this.actions = [...actions, ...this.actions].sort((a, b) => a.number - b.number);
    });
    return this.#loaded;
  }

  /** Does it now; without a network it waits. Whoever asks shows the outcome. */
  async act<N extends Mutation>(operation: N, variables: Variables<N>, label: Label): Promise<Outcome<N>> {
    await this.#load();
    const action: Action = {
      id: fresh(),
      // Two within a millisecond keep their order too.
      number: Math.max(Date.now(), 1 + (this.actions.at(-1)?.number ?? 0)),
      operation,
      variables: $state.snapshot(variables),
      label,
      state: 'queued',
    };
    await this.#keep(action);
    // Before those that wait nothing goes out: what was meant first is done first.
    if (this.actions.some((other) => other.id !== action.id && other.state === 'queued') || !connection.reachable) {
      if (connection.reachable) void this.replay();
      return { kind: 'queued' };
    }
    return alone(() => this.#send<N>(action));
  }

  /** Sends what waits, one after the other, in one tab only. */
  async replay() {
    await alone(async () => {
      for (const action of this.actions.filter(({ state }) => state === 'queued')) {
        // Somebody may have taken it away meanwhile, here or in another tab.
        if (!(await kept.get(action.id))) {
          await this.drop(action.id);
          continue;
        }
        const outcome = await this.#send(action);
        if (outcome.kind === 'queued') return;
        if (outcome.kind === 'refused') await this.#keep({ ...action, state: 'refused', refusal: outcome.refusal });
      }
    });
  }

  async #send<N extends Mutation>(action: Action): Promise<Outcome<N>> {
    this.#show({ ...action, state: 'sending' });
    try {
      const answer = await ask(action.operation as N, ...([action.variables] as unknown as Given<N>));
      await this.drop(action.id);
      for (const act of this.#done) act();
      const refusal = refusalIn(answer);
      return refusal ? { kind: 'refused', refusal } : { kind: 'done', answer };
    } catch (error) {
      const trouble = error instanceof NoAnswer ? error.trouble : 'broken';
      if (trouble === 'offline' || trouble === 'busy') {
        this.#show({ ...action, state: 'queued' });
        return { kind: 'queued' };
      }
      // It was not understood, and will not be when it is sent again.
      await this.drop(action.id);
      return { kind: 'refused', refusal: { code: trouble, message: '' } };
    }
  }

  #show(action: Action) {
    const others = this.actions.filter(({ id }) => id !== action.id);
    this.actions = [...others, action].sort((a, b) => a.number - b.number);
  }

  async #keep(action: Action) {
    this.#show(action);
    await kept.set(action.id, action);
  }

  /** It is done, or its refusal was read. */
  async drop(id: string) {
    this.actions = this.actions.filter((action) => action.id !== id);
    await kept.del(id);
  }

  async clear() {
    this.actions = [];
    await kept.clear();
  }
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: over all tabs of this browser, where it can be had, else within this one. */
function alone<T>(act: () => Promise<T>): Promise<T> {
  if (globalThis.navigator?.locks) return navigator.locks.request('ichiba-outbox', act) as Promise<T>;
  const mine = last.then(act, act);
  last = mine;
  return mine;
}

export const outbox = new Outbox();
