// Asks the server: one operation by its name, typed by that name. Nothing is kept here; store/ does that.
import { serverClock } from '../clock.svelte';
import { connection } from '../connection.svelte';
import { preferences } from '../preferences.svelte';
import { first } from './first';
import type { MutationMap, QueryMap } from './generated';

/** The longest an answer is waited for. */
const PATIENCE = 15_000;

export type Query = keyof QueryMap;
export type Mutation = keyof MutationMap;
type Operations = QueryMap & MutationMap;
export type Operation = keyof Operations;
export type Variables<N extends Operation> = Operations[N]['variables'];
export type Answer<N extends Operation> = Operations[N]['answer'];
/** Variables may be left out where the operation wants none. */
export type Given<N extends Operation> = Record<string, never> extends Variables<N> ? [Variables<N>?] : [Variables<N>];

/** Why there is no answer: the network, the server's load, an app that is too old, or a mistake of ours. */
export type Trouble = 'offline' | 'busy' | 'outdated' | 'broken';

export class NoAnswer extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
  ) {
    super(message);
  }
}

interface Body {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

async function send(operation: string, variables: unknown): Promise<Response> {
  try {
    return await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': preferences.language,
        'x-ichiba': 'app',
      },
      body: JSON.stringify({ operation, variables }),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    connection.lost();
    throw new NoAnswer('offline', String(error));
  }
}

/** The answer to an operation; throws `NoAnswer`. */
export async function ask<N extends Operation>(operation: N, ...[variables]: Given<N>): Promise<Answer<N>> {
  const early = await first(operation as Query, variables ?? {}, preferences.language);
  if (early) {
    serverClock.hear(early.from.now, early.from.asked, early.from.heard);
    connection.found();
    return early.answer as Answer<N>;
  }
  const asked = Date.now();
  const response = await send(operation, variables ?? {});
  serverClock.hear(response.headers.get('x-ichiba-now'), asked, Date.now());
  const text = await response.text().catch(() => '');
  let body: Body = {};
  try {
    body = JSON.parse(text) as Body;
  } catch {
    // A proxy in between that answers in its own words: the server is not there.
    if (response.status >= 502) connection.lost();
    throw new NoAnswer(response.status >= 502 ? 'offline' : 'broken', `HTTP ${response.status}`);
  }
  connection.found();
  const error = body.errors?.[0];
  if (error?.extensions?.code === 'unknown_operation') throw new NoAnswer('outdated', error.message);
  if (response.status === 429 || response.status === 503) throw new NoAnswer('busy', error?.message ?? '');
  if (error || body.data == null) throw new NoAnswer('broken', error?.message ?? 'no data');
  return body.data as Answer<N>;
}
