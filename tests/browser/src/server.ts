// A serving process of the real binary on a data folder: on a free port, ready when it says so, at the time the test
// wants. It can be ended and started again at another time, on the same port and data.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { freePort, until } from './machine';
import { binary } from './machine';
import { copyOf, email, environment, ichiba, remove } from './market';
import { Person } from './person';

const START_LIMIT = 60;

export class Server {
  readonly origin: string;
  #process: ChildProcess | undefined;
  #clock = '';
  #since = 0;
  #errors: string[] = [];

  private constructor(
    readonly data: string,
    readonly port: number,
    readonly more: Record<string, string>,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** Serves a copy of this market, as if it were `clock`; `more` is set for this process besides. */
  static async on(market: string, clock: string, more: Record<string, string> = {}): Promise<Server> {
    const server = new Server(copyOf(market), await freePort(), more);
    await server.start(clock);
    return server;
  }

  /** What time it was there a minute ago: links that are made then are not of the future, whenever its clock began. */
  get justNow(): string {
    return new Date(Date.parse(this.#clock) + Date.now() - this.#since - 60_000).toISOString();
  }

  /** What it complained of. */
  get errors(): string {
    return this.#errors.join('\n');
  }

  async start(clock: string) {
    const env = { ...environment(this.data, clock), ICHIBA_LISTEN: `127.0.0.1:${this.port}`, ...this.more };
    const child = spawn(binary(), ['serve'], { cwd: this.data, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    createInterface(child.stderr).on('line', (line) => this.#errors.push(line));
    child.stdout.resume();
    [this.#clock, this.#since] = [clock, Date.now()];
    const ready = async () => {
      if (child.exitCode !== null) throw new Error(`the server ended before it served:\n${this.errors}`);
      return fetch(`${this.origin}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    await until('/readyz', ready, START_LIMIT);
  }

  /** Ends it, as whoever runs the machine does. */
  async stop() {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    // Open sockets keep it from ending in peace; what it holds is on disk already.
    child.kill('SIGKILL');
    await ended;
  }

  /** The same market at another time: what passes in between is not waited for. */
  async restart(clock: string) {
    await this.stop();
    await this.start(clock);
  }

  /** A person of the seed files, signed in by a link. */
  async person(code: string): Promise<Person> {
    return this.personWith(email(code));
  }

  /** The same, by mail address. */
  async personWith(address: string): Promise<Person> {
    const said = await ichiba(this.data, this.justNow, ['link', address], { ICHIBA_BASE_URL: this.origin });
    return Person.enter(this.origin, said.split('\n')[0] ?? '');
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
    remove(this.data);
  }
}
