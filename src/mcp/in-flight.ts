import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, MessageExtraInfo, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { malformed } from './malformed.ts';

/** A transport that knows which received requests have no answer yet. A cancelled request gets none, so it no longer counts. */
export class InFlightTransport implements Transport {
  readonly #inner: Transport;
  readonly #pending = new Map<RequestId, number>();
  #answered = 0;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <Message extends JSONRPCMessage>(message: Message, extra?: MessageExtraInfo) => void;
  /** A message has been written, though perhaps not yet flushed. */
  onsent?: () => void;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** Requests received and not answered, count. */
  get pending(): number {
    return [...this.#pending.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Answers handed to the inner transport so far, count. */
  get answered(): number {
    return this.#answered;
  }

  async start(): Promise<void> {
    this.#inner.onclose = () => {
      this.#pending.clear(); // nothing can be answered any more
      this.onclose?.();
    };
    this.#inner.onerror = (error) => {
      this.#refuse(error);
      this.onerror?.(error);
    };
    this.#inner.onmessage = (message, extra) => {
      this.#received(message);
      this.onmessage?.(message, extra);
    };
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const sent = this.#inner.send(message, options);
    if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
    this.onsent?.();
    await sent;
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  /** The SDK only logs a malformed line. Its id is not known here, and MCP leaves out an id that could not be read. */
  #refuse(error: Error): void {
    const fault = malformed(error);
    if (fault === null) return;
    this.#inner
      .send({ jsonrpc: '2.0', error: { code: fault.code, message: fault.message } })
      .catch((failure: Error) => this.onerror?.(failure));
    this.onsent?.();
  }

  #received(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) this.#pending.set(message.id, (this.#pending.get(message.id) ?? 0) + 1);
    if (message.method !== 'notifications/cancelled') return;
    const id = message.params?.['requestId'];
    if (typeof id === 'string' || typeof id === 'number') this.#settle(id);
  }

  #settle(id: RequestId): void {
    const count = this.#pending.get(id);
    if (count === undefined) return;
    this.#answered += 1;
    if (count > 1) this.#pending.set(id, count - 1);
    else this.#pending.delete(id);
  }
}
