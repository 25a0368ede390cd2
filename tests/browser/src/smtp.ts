// A mail server on loopback: speaks SMTP with whoever comes, keeps what it is given, and has no mailbox for whom it is told
// to have none.
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export class MailServer {
  /** Every `RCPT TO` of mails that were taken whole. */
  readonly taken: string[] = [];
  /** Addresses without a mailbox. */
  readonly strangers = new Set<string>();
  readonly #open = new Set<Socket>();

  private constructor(readonly server: Server) {
    server.on('connection', (socket) => this.#converse(socket));
  }

  static async on(port: number): Promise<MailServer> {
    const mail = new MailServer(createServer());
    await new Promise<void>((done) => mail.server.listen(port, '127.0.0.1', done));
    return mail;
  }

  #converse(socket: Socket) {
    const say = (words: string) => socket.write(`${words}\r\n`);
    let to: string[] = [];
    let content = false;
    this.#open.add(socket);
    // Who goes away in the middle has sent no mail.
    socket.on('error', () => socket.destroy());
    say('220 loopback ready');
    createInterface(socket).on('line', (line) => {
      if (content) {
        if (line !== '.') return;
        content = false;
        this.taken.push(...to);
        return say('250 kept');
      }
      const address = /<(.*)>/.exec(line)?.[1] ?? '';
      switch (line.split(/[ :]/)[0]?.toUpperCase()) {
        case 'EHLO':
          return say('250-loopback\r\n250 8BITMIME');
        case 'MAIL':
          to = [];
          return say('250 ok');
        case 'RCPT':
          if (this.strangers.has(address)) return say('550 5.1.1 no such mailbox');
          to.push(address);
          return say('250 ok');
        case 'DATA':
          content = true;
          return say('354 go on');
        case 'QUIT':
          say('221 bye');
          return socket.end();
        case 'RSET':
        case 'NOOP':
          return say('250 ok');
        default:
          return say('502 not here');
      }
    });
  }

  async [Symbol.asyncDispose]() {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
