import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Call } from './servers.ts';

/** How a server is started: the arguments of `node`, and its whole environment. */
export interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Message {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

interface Reply {
  readonly message: Message;
  /** From just before the request was written to the arrival of the bytes that end its reply, before they are parsed. */
  readonly elapsed_ms: number;
}

interface Waiting {
  readonly sent_ms: number;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

const LEAVE_WITHIN_MS = 3_000;

/** A JSON-RPC client over the stdio of one server process, with as little work of its own as possible. */
export class Client {
  readonly pid: number;
  /** From before `spawn` to the reply to the first tools/list, milliseconds. */
  listed_ms = Number.NaN;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #left: Promise<void>;
  #partial = '';
  #stderr = '';
  #lastId = 0;

  private constructor({ args, env }: Launch) {
    this.#child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#receive(chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-2_000);
    });
    this.#left = new Promise((resolve) => this.#child.on('close', (code) => resolve(this.#abandon(code))));
  }

  /** Starts the server, shakes hands and lists its tools, one after the other as clients do. */
  static async start(launch: Launch): Promise<Client> {
    const start_ms = performance.now();
    const client = new Client(launch);
    await client.#request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'toolwise-bench', version: '1' },
    });
    client.#write({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await client.#request('tools/list', {});
    client.listed_ms = performance.now() - start_ms;
    return client;
  }

  /** Calls a tool; the time it took, milliseconds. @throws when the tool answers with an error: a bench must not time those */
  async call({ name, args }: Call): Promise<number> {
    const { message, elapsed_ms } = await this.#request('tools/call', { name, arguments: args });
    if (message.result?.['isError'] === true) throw new Error(`${name}: ${JSON.stringify(message.result['content'])}`);
    return elapsed_ms;
  }

  /** Ends stdin and waits until the process has left; one that does not leave is killed. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), LEAVE_WITHIN_MS);
    this.#child.stdin.end();
    await this.#left;
    clearTimeout(deadline);
  }

  #request(method: string, params: object): Promise<Reply> {
    this.#lastId += 1;
    const id = this.#lastId;
    const line = `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { sent_ms: performance.now(), resolve, reject });
      this.#child.stdin.write(line);
    });
  }

  #write(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #receive(chunk: string): void {
    const at_ms = performance.now();
    const lines = (this.#partial + chunk).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#settle(JSON.parse(line) as Message, at_ms);
  }

  #settle(message: Message, at_ms: number): void {
    const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
    if (message.id === undefined || waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.error !== undefined) waiting.reject(new Error(message.error.message));
    else waiting.resolve({ message, elapsed_ms: at_ms - waiting.sent_ms });
  }

  #abandon(code: number | null): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`the server left with ${code}\n${this.#stderr}`));
    this.#waiting.clear();
  }
}
