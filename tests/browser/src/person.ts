// Somebody who is signed in and asks over the API, as the app does, but without a browser: to prepare what a test needs
// and to see what really came of it. Their login can be put into a browser.
import { randomUUID } from 'node:crypto';

type Answer = Record<string, any>;
/** So often is asked on a machine that others keep busy. */
const MOST = 4;

export class Person {
  private constructor(
    readonly origin: string,
    readonly cookies: { name: string; value: string }[],
  ) {}

  /** Opens a sign-in link and presses its button. */
  static async enter(origin: string, link: string): Promise<Person> {
    const token = new URL(link).searchParams.get('token') ?? '';
    const answer = await fetch(`${origin}/sign-in/enter`, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' });
    if (answer.status !== 303) throw new Error(`signing in was answered with ${answer.status}`);
    const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    const cookies = pairs.map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }));
    return new Person(origin, cookies.filter(({ value }) => value));
  }

  /** Sends an operation; the data of an answer without errors. */
  ask(operation: string, variables: Answer = {}): Promise<Answer> {
    return this.#send({ operation, variables });
  }

  /** Sends a document of its own, as only development allows. */
  document(query: string, variables: Answer = {}): Promise<Answer> {
    return this.#send({ query, variables });
  }

  /** Does something that must not be refused; the answer. */
  async does(operation: string, variables: Answer): Promise<Answer> {
    const result = Object.values(await this.ask(operation, variables))[0] as Answer | null;
    if (!result || result.__typename === 'Refusal') throw new Error(`${operation}: ${JSON.stringify(result)}`);
    return result;
  }

  async #send(body: Answer): Promise<Answer> {
    const cookie = this.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { 'content-type': 'application/json', 'x-ichiba': 'test', 'accept-language': 'en', cookie };
    const send = () => fetch(`${this.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
    let answer = await send();
    // Too busy: what is sent again is done once, by its key.
    for (let time = 1; answer.status === 503 && time < MOST; time++) answer = await send();
    const said = (await answer.json()) as { data: Answer; errors?: unknown };
    if (said.errors) throw new Error(`${JSON.stringify(body).slice(0, 200)}: ${JSON.stringify(said.errors)}`);
    return said.data;
  }
}

/** An id or key, as apps make them. */
export const fresh = (): string => randomUUID();

/** The organizer moves the event to another phase. */
export async function movePhase(organizer: Person, phase: string) {
  const query = 'mutation ($key: UUID!, $phase: Phase!) { movePhase(input: { key: $key, phase: $phase }) { __typename ... on Refusal { message } } }';
  const { movePhase: result } = await organizer.document(query, { key: fresh(), phase });
  if (result?.__typename === 'Refusal') throw new Error(`${phase}: ${result.message}`);
}
