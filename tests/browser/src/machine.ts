// What the tests take from the machine: variables, programs, ports, temporary folders. `cargo xtask browser` sets the
// variables; without them the usual places are looked at.
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The top of the repository. */
export const root = join(import.meta.dirname, '../../..');

function program(variable: string, usual: string, advice: string): string {
  const path = process.env[variable] || usual;
  if (!existsSync(path)) throw new Error(`${path} is not there. ${advice}`);
  return path;
}

/** The real binary. */
export const binary = () => program('ICHIBA_BIN', join(root, 'target/debug/ichiba'), '`cargo xtask browser` builds it.');

/** The system's Chromium. */
export const chromium = () => program('ICHIBA_TEST_CHROMIUM', '/usr/bin/chromium', '`cargo xtask browser` finds it.');

/** Where pictures of the screens go; none are taken without. */
export const pictures = (): string | undefined => process.env.ICHIBA_TEST_PICTURES || undefined;

/** A folder of one's own; who makes it removes it. */
export const folder = (): string => mkdtempSync(join(tmpdir(), 'ichiba-browser-'));

/** A port on which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** How busy the machine was during the last minute. */
export const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

/** Asks again and again until there is an answer; fails naming what was waited for. */
export async function until<T>(what: string, ask: () => T | undefined | false | Promise<T | undefined | false>, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
