// News from the server: over a socket while it holds, by asking again now and then while it does not.
import type { Client } from 'graphql-ws';
import { connection } from './connection.svelte';
import type { Side } from './session.svelte';
import { renew } from './store/reading.svelte';

/** How often is asked while nothing tells. */
const POLL = 30_000;
/** Longest pause between two attempts to open the socket. */
const PATIENCE = 60_000;

/** What this app listens to; the server takes the operation's name for its words. */
const HEARD = ['TimetablePublished', 'AgendaChanged', 'BoardChanged'] as const;

let listening = false;

/** Those who run the event hear of everybody's calendar: at most so often, however much happens. */
const BREATH = 2_000;

let client: Client | undefined;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Listens to one thing besides, until the answer is called. Where nothing tells, nothing is heard: whoever needs it asks. */
export function hear(query: string, variables: Record<string, unknown>, next: (told: unknown) => void): () => void {
  if (!client) return () => undefined;
  return client.subscribe({ query, variables }, { next: ({ data }) => next(data), error: () => undefined, complete: () => undefined });
}

/** Listens until the page is left; at the desk to everybody's calendar too. */
export async function listen(side: Side) {
  if (listening) return;
  listening = true;
  setInterval(() => {
    if (document.visibilityState === 'visible' && connection.state === 'polling') void renew(POLL / 2);
  }, POLL);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void renew(POLL);
  });
  connection.whenBack(() => {
    void renew();
    void open(side);
  });
  await open(side);
}

async function open(side: Side) {
  if (client) return;
  // Where the network went away before it came, it is asked for again when there is one.
  const library = await import('graphql-ws').catch(() => undefined);
  if (!library || client) return;
  client = library.createClient({
    url: `${location.origin.replace('http', 'ws')}/graphql/ws`,
    lazy: false,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (attempt) => new Promise((done) => setTimeout(done, Math.min(PATIENCE, 1000 * 2 ** attempt) * (0.5 + Math.random() / 2))),
    onNonLazyError: () => undefined,
    keepAlive: POLL,
    on: {
      connected: () => {
        // What happened while nobody listened is asked for, also what happened between the first answers and this.
        if (!connection.live) void renew();
        connection.live = true;
      },
      closed: () => {
        connection.live = false;
      },
    },
  });
  for (const query of HEARD) {
    hear(query, {}, () => void renew());
  }
  if (side !== 'desk') return;
  hear('CalendarChanged', {}, () => {
    soon ??= setTimeout(() => {
      soon = undefined;
      void renew();
    }, BREATH);
  });
}
