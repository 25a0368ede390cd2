// The answer that the page asked for before the app was there (static/first.js), in the parts that are asked one by one
// later. Each part is taken once, and only while it is fresh: from then on everybody asks for themselves.
import type { Answer, Query } from './ask';
import type { TodayQuery } from './generated';

interface First {
  asked: number;
  /** What the server said its clock was. */
  now: string | null;
  heard: number;
  language: string;
  body: { data?: TodayQuery | null; errors?: unknown[] };
}

/** Older than this it tells nothing of now. */
const FRESH = 15_000;

const parts: { [N in Query]?: (all: TodayQuery) => Answer<N> } = {
  Me: ({ me }) => ({ me }),
  Event: ({ event }) => ({ event }),
  MyAgenda: ({ me, myAgenda }) => ({ me, myAgenda }),
  MyRequests: ({ myRequests }) => ({ myRequests }),
  MyShifts: ({ myShifts }) => ({ myShifts }),
  UnreadNotices: ({ unreadNotices }) => ({ unreadNotices }),
};

/** The questions that it answers, as they are asked. */
const asked = new Map<string, string>(Object.keys(parts).map((operation) => [operation, operation === 'MyRequests' ? '{"state":"OPEN"}' : '{}']));

/** The part that answers this question, if there is one. */
export async function first<N extends Query>(operation: N, variables: unknown, language: string): Promise<{ answer: Answer<N>; from: First } | undefined> {
  const coming = (globalThis as { ichibaFirst?: Promise<First | undefined> }).ichibaFirst;
  if (!coming || asked.get(operation) !== JSON.stringify(variables)) return undefined;
  asked.delete(operation);
  const from = await coming.catch(() => undefined);
  const data = from?.body.errors ? undefined : from?.body.data;
  const part = parts[operation] as ((all: TodayQuery) => Answer<N>) | undefined;
  if (!from || !data || !part || from.language !== language || Date.now() - from.heard > FRESH) return undefined;
  return { answer: part(data), from };
}
