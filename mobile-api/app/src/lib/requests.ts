// Meeting requests as one side sees them. Pure.
import type { MyRequestsQuery } from './api/generated';
import type { Side } from './session.svelte';

export type Request = NonNullable<MyRequestsQuery['myRequests']>[number];

/** The most times one proposes on the phone. */
export const MOST_TIMES = 3;

/** Those that wait for one's own answer, the most urgent first. */
export const incoming = (requests: readonly Request[]): Request[] =>
  requests.filter((request) => request.state === 'OPEN' && request.yourTurn).sort((a, b) => a.expiresAt.localeCompare(b.expiresAt));

/** Those that wait for the other side's. */
export const outgoing = (requests: readonly Request[]): Request[] =>
  requests.filter((request) => request.state === 'OPEN' && !request.yourTurn).sort((a, b) => a.expiresAt.localeCompare(b.expiresAt));

/** Whom it is about, for those of a side. */
export const whom = (request: Request, side: Side) =>
  side === 'booth'
    ? { id: request.buyer.id, name: request.buyer.organisation.name, person: request.buyer.person.name, code: undefined, href: `/buyer/${request.buyer.id}` }
    : { id: request.exhibitor.id, name: request.exhibitor.organisation.name, person: undefined, code: request.exhibitor.booth?.code, href: `/exhibitor/${request.exhibitor.id}` };

/** One more or one less of those chosen; the oldest gives way when there are too many. */
export const toggled = (chosen: readonly number[], number: number, most: number): number[] =>
  chosen.includes(number) ? chosen.filter((other) => other !== number) : [...chosen, number].slice(-most);
