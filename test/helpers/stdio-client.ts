import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect } from 'vitest';
import type { Answers } from './answers.ts';
import { temporaryDatabase, temporaryDirectory } from './temporary.ts';
import { faultsOf, type Message, parseLine, validatorFor } from './wire-schema.ts';

export const SERVER = fileURLToPath(new URL('../../dist/toolwise.js', import.meta.url));
export const PROTOCOL_VERSION = '2025-11-25';

export interface ServerOptions {
  /** Database file; default: a new one in a temporary folder. */
  readonly db?: string;
  /** Flags after `--db FILE`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface CallResult {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
}

/** The environment of a server under test: none of the caller's `TOOLWISE_*`, and a home of its own. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: temporaryDirectory(), ...extra };
}

/** A JSON-RPC client over the stdio of one server process. It keeps every line of the server's stdout. */
export class StdioClient {
  readonly db: string;
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: string[] = [];
  readonly exited: Promise<Exit>;
  /** The result of `initialize`. */
  greeting: Readonly<Record<string, unknown>> = {};
  stderr = '';
  readonly #methods = new Map<string | number, string>();
  readonly #waiting = new Map<string | number, (message: Message) => void>();
  readonly #outputSchemas = new Map<string, object>();
  #partial = '';
  #nextId = 0;

  constructor({ db = temporaryDatabase(), args = [], env = {} }: ServerOptions = {}) {
    this.db = db;
    this.child = spawn(process.execPath, [SERVER, '--db', db, ...args], { env: cleanEnvironment(env) });
    this.child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#receive(chunk));
    this.child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
  }

  /** The handshake; also learns the schemas of the answers, so that `ask` can check them. */
  async initialize(): Promise<void> {
    const params = { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo: { name: 'toolwise-e2e', version: '1' } };
    this.greeting = await this.result('initialize', params);
    this.write({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const { tools } = (await this.result('tools/list')) as { tools: readonly { name: string; outputSchema: object }[] };
    for (const { name, outputSchema } of tools) this.#outputSchemas.set(name, outputSchema);
  }

  /** Sends a request and resolves with the reply, an error reply included. Rejects when the server leaves first. */
  request(method: string, params: unknown = {}): Promise<Message> {
    return this.requestText(method, JSON.stringify(params));
  }

  /** As `request`, with `params` as the exact JSON text on the wire. */
  requestText(method: string, params: string): Promise<Message> {
    this.#nextId += 1;
    const id = this.#nextId;
    this.#methods.set(id, method);
    const reply = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.child.stdin.write(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${params}}\n`);
    const gone = this.exited.then((exit) => {
      throw new Error(`no answer to ${method}: the server left with ${JSON.stringify(exit)}\n${this.stderr.slice(-2_000)}`);
    });
    return Promise.race([reply, gone]);
  }

  /** The result of a request that must succeed. */
  async result(method: string, params: unknown = {}): Promise<Readonly<Record<string, unknown>>> {
    const reply = await this.request(method, params);
    if (reply.result === undefined) throw new Error(`${method}: ${JSON.stringify(reply.error)}`);
    return reply.result;
  }

  /** What `tools/call` returned, an `isError` result included. */
  async call(name: string, args: object): Promise<CallResult> {
    return (await this.result('tools/call', { name, arguments: args })) as unknown as CallResult;
  }

  /** The answer of a call that must succeed; it must match the schema that the tool advertises. */
  async ask<Name extends keyof Answers>(name: Name, args: object = {}): Promise<Answers[Name]> {
    const { structuredContent, isError, content } = await this.call(name, args);
    if (isError === true || structuredContent === undefined) throw new Error(`${name}: ${content[0]?.text}`);
    const validate = validatorFor(this.#outputSchemas.get(name) ?? {});
    expect(validate(structuredContent), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    return structuredContent as unknown as Answers[Name];
  }

  write(message: unknown): void {
    this.writeLine(JSON.stringify(message));
  }

  writeLine(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Ends stdin and resolves when the process has left. */
  async end(): Promise<Exit & { readonly after_ms: number }> {
    const start = performance.now();
    this.child.stdin.end();
    return { ...(await this.exited), after_ms: performance.now() - start };
  }

  /** Leaves no process behind, whatever the test did. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
    await this.end();
    clearTimeout(deadline);
  }

  /** What is wrong with the lines written so far, by the protocol's schema. */
  faults(): readonly string[] {
    const unfinished = this.#partial === '' ? [] : [`no newline at the end: ${this.#partial.slice(0, 200)}`];
    return [...this.lines.flatMap((line) => faultsOf(line, (id) => this.#methods.get(id))), ...unfinished];
  }

  #receive(chunk: string): void {
    const lines = (this.#partial + chunk).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      this.lines.push(line);
      const message = parseLine(line);
      const resolve = message?.id === undefined || message.method !== undefined ? undefined : this.#waiting.get(message.id);
      if (message !== null && resolve !== undefined) resolve(message);
    }
  }
}

/** Starts servers for one test file. After each test (or at `hook`) they are stopped and every line they wrote is checked. */
export function useServers(hook: (clean: () => Promise<void>) => void = afterEach): (options?: ServerOptions) => Promise<StdioClient> {
  const clients: StdioClient[] = [];
  hook(async () => {
    const started = clients.splice(0);
    await Promise.all(started.map((client) => client.stop()));
    expect(started.flatMap((client) => client.faults())).toEqual([]);
  });
  return async (options) => {
    const client = new StdioClient(options);
    clients.push(client);
    await client.initialize();
    return client;
  };
}
