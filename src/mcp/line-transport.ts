import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { InFlight } from './in-flight.ts';
import { type Line, LineLimiter } from './line-limiter.ts';
import { readMessage } from './malformed.ts';
import { INTERNAL_ERROR, ProtocolError } from './protocol-error.ts';

/** So many requests are handled at a stretch; then their answers get a turn, which may already fill the output. */
const MANY_PENDING = 100;
/** With so much unanswered (a database that is locked, for example) nothing more is read: it would only fill the memory. */
const MOST_PENDING = 1_000;
const MOST_PENDING_BYTES = 4 * 1_048_576;

/**
 * JSON-RPC, a message a line. Unlike the SDK's transport it refuses long and malformed lines with an answer (with the request's id
 * where it can be read, so that the client does not wait for ever), reads only as fast as its answers are read, notices the end of
 * stdin, and knows which requests are not answered yet.
 */
export class LineTransport implements Transport {
  readonly inFlight = new InFlight();
  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #limiter = new LineLimiter();
  #stopped = false;
  #wake: () => void = () => {};
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Every message before the end of stdin has been handed on, or stdin broke. */
  onend?: () => void;
  /** Nothing is read any more. */
  onstop?: () => void;

  constructor(stdin: Readable, stdout: Writable) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  async start(): Promise<void> {
    this.#stdout.on('drain', () => this.#wake());
    void this.#readAll().then(() => this.onend?.());
  }

  /** Writes a message; one that cannot be written as JSON becomes an error, so that its request is answered. */
  async send(message: JSONRPCMessage): Promise<void> {
    this.#stdout.write(this.#textOf(message));
    if (!('method' in message) && message.id !== undefined) this.inFlight.settle(message.id);
    this.#wake();
  }

  /** Reads no more; what is in flight can still be answered. Later calls change nothing. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#wake();
    this.onstop?.();
  }

  async close(): Promise<void> {
    this.stop();
    this.onclose?.();
  }

  async #readAll(): Promise<void> {
    try {
      for await (const chunk of this.#stdin) {
        for (const line of this.#limiter.push(chunk)) {
          await this.#room();
          if (this.#stopped) return;
          await this.#take(line);
        }
      }
    } catch (error) {
      this.onerror?.(error as Error);
    }
    const dropped_bytes = this.#limiter.unfinished_bytes;
    if (dropped_bytes > 0) this.onerror?.(new Error(`stdin ended inside it, its ${dropped_bytes} bytes are dropped`));
  }

  async #take(line: Line): Promise<void> {
    const read = readMessage(line);
    if (read === null) return;
    if ('fault' in read) return this.#refuse(read.fault, read.id);
    const { message } = read;
    const size = line.kind === 'whole' ? line.bytes.length : line.length_bytes;
    if (!this.inFlight.received(message, size)) return;
    try {
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error as Error);
      if ('method' in message && 'id' in message) await this.send(internalError(message.id));
    }
    if (!('id' in message)) await nextTurn(); // the SDK handles a notification later than a request that follows it
  }

  #refuse({ code, message }: ProtocolError, id?: RequestId): void {
    this.onerror?.(new ProtocolError(code, message));
    const error = { code, message };
    this.#stdout.write(this.#textOf(id === undefined ? { jsonrpc: '2.0', error } : { jsonrpc: '2.0', id, error }));
  }

  /** Waits until another message may be handled: a client that asks and does not read its answers must not fill our memory. */
  async #room(): Promise<void> {
    if (this.inFlight.pending >= MANY_PENDING) await nextTurn();
    while (!this.#stopped && this.#isFull()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #isFull(): boolean {
    const { pending, pending_bytes } = this.inFlight;
    return this.#stdout.writableNeedDrain || pending >= MOST_PENDING || pending_bytes >= MOST_PENDING_BYTES;
  }

  #textOf(message: JSONRPCMessage): string {
    try {
      return `${JSON.stringify(message)}\n`;
    } catch (error) {
      this.onerror?.(error as Error);
      return 'id' in message && message.id !== undefined ? `${JSON.stringify(internalError(message.id))}\n` : '';
    }
  }
}

function internalError(id: RequestId): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code: INTERNAL_ERROR, message: 'toolwise failed; its log says why' } };
}
