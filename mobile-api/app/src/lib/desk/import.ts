// Sending files of the market to the server, which reads them, says what is wrong, and keeps them all or none.
import { NoAnswer } from '../api/ask';
import { connection } from '../connection.svelte';
import { preferences } from '../preferences.svelte';

/** The most that is sent at once, as the server takes it: 8 MiB of JSON, in which bytes are a third longer. */
export const MOST = 6 * 1024 * 1024;
/** Importing reads and checks a whole market. */
const PATIENCE = 60_000;

export interface Problem {
  file: string;
  line: number;
  column: string;
  message: string;
}
export interface Summary {
  noun: string;
  added: number;
  changed: number;
  same: number;
}
export interface Imported {
  applied: boolean;
  summary: Summary[];
  problems: Problem[];
}

/** Bytes as text, piece by piece: a whole file as arguments would not fit. */
export function base64(bytes: Uint8Array): string {
  const PIECE = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

/** Shows what the files would change; with `apply` it is kept. Throws `NoAnswer`. */
export async function send(files: readonly File[], apply: boolean): Promise<Imported> {
  const read = async (file: File) => ({ name: file.name, base64: base64(new Uint8Array(await file.arrayBuffer())) });
  const body = JSON.stringify({ files: await Promise.all(files.map(read)), apply });
  let response: Response;
  try {
    response = await fetch('/import', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': preferences.language, 'x-ichiba': 'app' },
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    connection.lost();
    throw new NoAnswer('offline', String(error));
  }
  connection.found();
  if (response.status === 429 || response.status === 503) throw new NoAnswer('busy', '');
  if (!response.ok) throw new NoAnswer('broken', (await said(response)) ?? '');
  return (await response.json()) as Imported;
}

/** What the server says of a request it did not take, where it says it in words. */
async function said(response: Response): Promise<string | undefined> {
  try {
    const { message } = (await response.json()) as { message?: string };
    return message;
  } catch {
    return undefined;
  }
}
