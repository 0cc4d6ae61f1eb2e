import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Answer, Request } from './protocol.ts';

/** One extension host that waits for requests. */
export class Host {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    // A host that is closed hard breaks the line; whoever asks it something is told.
    socket.on('error', () => socket.destroy());
  }

  async ask(request: Request): Promise<Answer> {
    this.#socket.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('The extension host has ended.');
    const answer = JSON.parse(value) as Answer;
    if (answer.error) throw new Error(`In the extension host: ${answer.error}`);
    return answer;
  }

  execute(command: string, ...args: unknown[]): Promise<Answer> {
    return this.ask({ do: 'execute', command, arguments: args });
  }

  hangUp(): void {
    this.#socket.destroy();
  }
}

export interface Switchboard {
  port: number;
  /** The next extension host that calls. */
  next(): Promise<Host>;
  close(): void;
}

/** Where extension hosts call, on loopback. */
export async function openSwitchboard(): Promise<Switchboard> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port to listen on.');
  return {
    port: address.port,
    next: () => new Promise((resolve) => server.once('connection', (s) => resolve(new Host(s)))),
    close: () => server.close(),
  };
}
