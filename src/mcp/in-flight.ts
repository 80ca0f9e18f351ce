import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';

/** The received requests that have no answer yet. A cancelled request gets none, so it no longer counts. */
export class InFlight {
  /** Sizes of the requests with this id: nothing keeps a client from using one twice at a time. */
  readonly #sizes = new Map<RequestId, readonly number[]>();
  #pending = 0;
  #pendingBytes = 0;
  #settled = 0;

  /** Requests that have no answer yet, count. */
  get pending(): number {
    return this.#pending;
  }

  /** Bytes of the lines of these requests. */
  get pending_bytes(): number {
    return this.#pendingBytes;
  }

  /** Requests answered or cancelled so far, count. */
  get settled(): number {
    return this.#settled;
  }

  /**
   * Notes a message that is about to be handled. @param size bytes of its line
   * @returns false for a cancellation of what is not in flight: the SDK would handle it a moment later and cancel, in silence, a
   * request that comes right after it
   */
  received(message: JSONRPCMessage, size: number): boolean {
    if (!('method' in message)) return true;
    if ('id' in message) this.#add(message.id, size);
    else if (message.method === 'notifications/cancelled') return this.#cancel(message.params?.['requestId']);
    return true;
  }

  /** Notes that a request has been answered. */
  settle(id: RequestId): void {
    const [size, ...others] = this.#sizes.get(id) ?? [];
    if (size === undefined) return;
    this.#settled += 1;
    this.#pending -= 1;
    this.#pendingBytes -= size;
    if (others.length > 0) this.#sizes.set(id, others);
    else this.#sizes.delete(id);
  }

  #add(id: RequestId, size: number): void {
    this.#pending += 1;
    this.#pendingBytes += size;
    this.#sizes.set(id, [...(this.#sizes.get(id) ?? []), size]);
  }

  /** The SDK takes 0 and '' for no id, and answers such a request all the same. */
  #cancel(id: unknown): boolean {
    if ((typeof id !== 'string' && typeof id !== 'number') || !id || !this.#sizes.has(id)) return false;
    this.settle(id);
    return true;
  }
}
