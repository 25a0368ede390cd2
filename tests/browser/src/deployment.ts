// A proxy in front of the server that, when told so, hands out another version of the app, as after an update of the
// product: its files have new names, those of before are gone, and its service worker is another. What it does is the same.
import { createHash } from 'node:crypto';
import { createServer, request as ask, type IncomingMessage, type OutgoingHttpHeaders, type Server as Listener, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { freePort } from './machine';

const FILES = '/_app/immutable/';
const RENAMED = `${FILES}next/`;
/** Where a file of the app is named, with or without the first slash. */
const NAMED = new RegExp(`${FILES.slice(1)}(?=\\w+/)`, 'g');
/** What versions look like: see svelte.config.js of the app. */
export const NEXT = 'fedcba987654';

const hashes = (page: string) => [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) => createHash('sha256').update(text ?? '').digest('base64'));

export class Deployment {
  readonly origin: string;
  #server = 0;
  #version = '';
  #next = false;
  #open = new Set<Socket>();

  private constructor(
    readonly port: number,
    readonly listener: Listener,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
    listener.on('request', (request, response) => this.#answer(request, response));
    listener.on('upgrade', (request, socket, head) => this.#connect(request, socket as Socket, head));
    listener.on('connection', (socket) => this.#open.add(socket));
  }

  static async begin(): Promise<Deployment> {
    const port = await freePort();
    const made = new Deployment(port, createServer());
    await new Promise<void>((done) => made.listener.listen(port, '127.0.0.1', done));
    return made;
  }

  /** Stands before the server of this port. */
  async before(port: number) {
    this.#server = port;
    this.#version = ((await (await fetch(`http://127.0.0.1:${port}/_app/version.json`)).json()) as { version: string }).version;
  }

  get version(): string {
    return this.#next ? NEXT : this.#version;
  }

  /** From now on there is the next version only. */
  update() {
    this.#next = true;
  }

  #answer(request: IncomingMessage, response: ServerResponse) {
    let path = request.url ?? '/';
    if (this.#next && path.startsWith(FILES)) {
      if (!path.startsWith(RENAMED)) return response.writeHead(404).end();
      path = path.replace(RENAMED, FILES);
    }
    const { 'if-none-match': _, ...headers } = request.headers;
    const onward = ask({ port: this.#server, method: request.method, path, headers: { ...headers, 'accept-encoding': 'identity' } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => this.#send(answer, Buffer.concat(parts), response));
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #send({ statusCode = 502, headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
    // Browsers forget sooner or later what they fetched; only what the app itself keeps is counted on.
    const { etag: _, 'content-length': __, 'transfer-encoding': ___, ...kept }: OutgoingHttpHeaders = { ...headers, 'cache-control': 'no-store' };
    const readable = /text\/|javascript|json/.test(headers['content-type'] ?? '');
    if (!this.#next || !readable || !this.#version) return response.writeHead(statusCode, kept).end(body);
    const before = body.toString();
    const after = before.replace(NAMED, RENAMED.slice(1)).replaceAll(this.#version, NEXT);
    const named = hashes(after);
    const policy = hashes(before).reduce((text, hash, place) => text.replace(hash, named[place] ?? ''), String(headers['content-security-policy'] ?? ''));
    if (policy) kept['content-security-policy'] = policy;
    response.writeHead(statusCode, kept).end(after);
  }

  #connect(request: IncomingMessage, socket: Socket, head: Buffer) {
    const onward = connect(this.#server, '127.0.0.1', () => {
      const lines = Array.from({ length: request.rawHeaders.length / 2 }, (_, at) => `${request.rawHeaders[2 * at]}: ${request.rawHeaders[2 * at + 1]}`);
      onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [[socket, onward], [onward, socket]] as const) one.on('error', () => other.destroy());
  }

  async [Symbol.asyncDispose]() {
    const closed = new Promise((done) => this.listener.close(done));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
