// Markets to test on: data folders made out of the seed files, or out of a changed copy of them, by the product's own
// commands, and the times of their days.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binary, folder, root } from './machine';

const run = promisify(execFile);
const SEED = join(root, 'seed-data');
/** Longest any command of the product may take here. */
const LIMIT = 60_000;
/** What `ichiba demo` begins with: the seed's market on its eve. */
export const EVE = '2025-11-04T10:00:00+09:00';
/** A moment of the seed's first day, by the venue's clock: `at('13:58')`. */
export const at = (clock: string, day = '2025-11-05'): string => `${day}T${clock}:00+09:00`;

/** Names of a buyer (B111) of the quiet market: from right to left, with signs made of several, and long. */
export const STRANGE = { organisation: 'شركة النيل للإنتاج الموسيقي والفني المتكامل (القاهرة) 🎻👩🏽‍🎤', name: 'ليلى عبد الرحمن 🏳️‍🌈' };

/** A visitor: the seed files have none, since real ones come by the thousand. */
export const VISITOR = { code: 'V0001', email: 'akari.mori@visitors.example' };
/** The people of the seed files, and the visitor. */
export const withVisitor = (people: string): string => `${people}${VISITOR.code},visitor,,森 あかり,モリ アカリ,Mori Akari,${VISITOR.email},JP,ja\n`;

/** How far a market has come. */
export type Stage = 'imported' | 'published';

/** The variables of a product that keeps its data in this folder, at this time. */
export function environment(data: string, clock: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    ICHIBA_DATA: data,
    ICHIBA_LOG: 'warn',
    ICHIBA_DEVELOPMENT: 'true',
    ICHIBA_CLOCK: clock,
  };
}

/** A command of the product; what it printed. */
export async function ichiba(data: string, clock: string, args: string[], more: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(binary(), args, { cwd: data, env: { ...environment(data, clock), ...more }, timeout: LIMIT });
  return stdout;
}

/** The seed files, changed: `change` gets each file's name and text and answers its new text. */
export function changedSeed(change: (name: string, text: string) => string): string {
  const files = folder();
  for (const name of readdirSync(SEED)) writeFileSync(join(files, name), change(name, readFileSync(join(SEED, name), 'utf8')));
  return files;
}

/** A new data folder with the market of these files. */
export async function makeMarket(stage: Stage, files = SEED): Promise<string> {
  const data = folder();
  await ichiba(data, EVE, ['import', files]);
  if (stage === 'published') {
    await ichiba(data, EVE, ['timetable', 'propose', '--seconds', '1']);
    await ichiba(data, EVE, ['timetable', 'publish', '1']);
  }
  return data;
}

/** A copy, so that a test may do to it what it likes. */
export function copyOf(data: string): string {
  const copy = folder();
  mkdirSync(copy, { recursive: true });
  cpSync(data, copy, { recursive: true });
  return copy;
}

/** The end of a data folder. */
export const remove = (data: string) => rmSync(data, { recursive: true, force: true });

/** The mail address of a person of the seed files, or of the visitor. */
export function email(code: string): string {
  if (code === VISITOR.code) return VISITOR.email;
  for (const file of ['people.csv', 'staff.csv', 'buyers.csv']) {
    const row = readFileSync(join(SEED, file), 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${code},`));
    const cell = row?.split(',').find((cell) => cell.includes('@'));
    if (cell) return cell;
  }
  throw new Error(`nobody in the seed files has the code ${code}`);
}
