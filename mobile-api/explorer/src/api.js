// What the explorer asks of the server: who is signed in, the ready queries, the schema, and GraphQL itself.
// Deliberately not here: anything drawn on the page.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { buildSchema, parse } from 'graphql';
import { createClient } from 'graphql-ws';

// The server takes JSON with this header only: no other site's page can send it (cross-site request forgery).
const HEADERS = { 'x-ichiba': 'explorer' };
const WHO = '{ me { person { name { written latin } } roles } }';

const sameOrigin = (url, options) => fetch(url, { ...options, credentials: 'same-origin' });

function socketUrl() {
  const scheme = window.location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${window.location.host}/graphql/ws`;
}

export const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  headers: HEADERS,
  fetch: sameOrigin,
  // Answers come whole; without this the page would ask for multipart.
  enableIncrementalDelivery: false,
  wsClient: createClient({ url: socketUrl(), lazy: true, retryAttempts: 3 }),
});

/** Who is signed in, as one line for the top bar. Never throws: the explorer works without it. */
export async function whoAmI() {
  try {
    const answer = await sameOrigin('/graphql', {
      method: 'POST',
      headers: { ...HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify({ query: WHO }),
    });
    const me = (await answer.json())?.data?.me;
    if (!me) return { signedIn: false, line: 'Nobody is signed in' };
    const name = me.person?.name?.written ?? 'A person';
    const roles = (me.roles ?? []).map((role) => String(role).toLowerCase().replaceAll('_', ' '));
    return { signedIn: true, line: roles.length > 0 ? `${name} · ${roles.join(', ')}` : name };
  } catch {
    return { signedIn: false, line: 'The server does not answer' };
  }
}

/** Ends the session; returns what to tell the person when that failed, or null. */
export async function signOut() {
  try {
    const answer = await sameOrigin('/sign-out', { method: 'POST', headers: HEADERS });
    return answer.ok ? null : `Not signed out: the server answered ${answer.status}.`;
  } catch {
    return 'Not signed out: the server does not answer.';
  }
}

/**
 * The schema as the server prints it, so that the explorer needs no introspection (off or limited in the server).
 * `undefined` when there is none: GraphiQL then asks by itself.
 */
export async function loadSchema() {
  try {
    const answer = await sameOrigin('/explorer/schema.graphql');
    if (!answer.ok) return undefined;
    return buildSchema(await answer.text());
  } catch {
    return undefined;
  }
}

/** The ready queries, `[{name, document, kind, variables}]`, the ones to look at first in front. */
export async function loadOperations() {
  const answer = await sameOrigin('/explorer/operations.json');
  if (!answer.ok) throw new Error(`The ready queries are missing (the server answered ${answer.status}).`);
  return (await answer.json()).map(understand).sort(byKindThenName);
}

const ORDER = ['query', 'mutation', 'subscription', 'other'];
const FIRST = ['MyAgenda', 'MyBooth', 'Timetable'];

function byKindThenName(left, right) {
  const rank = (operation) => {
    const place = FIRST.indexOf(operation.name);
    return place < 0 ? FIRST.length : place;
  };
  return (
    rank(left) - rank(right) ||
    ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind) ||
    left.name.localeCompare(right.name)
  );
}

function understand({ name, document }) {
  try {
    const operation = parse(document).definitions.find(
      (one) => one.kind === 'OperationDefinition' && one.name?.value === name,
    ) ?? parse(document).definitions.find((one) => one.kind === 'OperationDefinition');
    const required = (operation?.variableDefinitions ?? []).filter(
      (one) => one.type.kind === 'NonNullType' && !one.defaultValue,
    );
    // Required variables are shown as nulls to fill in; optional ones stay away.
    const skeleton = Object.fromEntries(required.map((one) => [one.variable.name.value, null]));
    const variables = required.length > 0 ? JSON.stringify(skeleton, null, 2) : '';
    return { name, document, kind: operation?.operation ?? 'other', variables };
  } catch {
    return { name, document, kind: 'other', variables: '' };
  }
}
