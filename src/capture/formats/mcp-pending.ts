/** More than this is not waited for: a client that asks on and on is not ours to remember. */
const MOST_WAITING = 100_000;
/** Requests that were taken back and may be answered all the same. */
const MOST_CANCELLED = 1000;

/** The requests of one side that wait for an answer, by their JSON-RPC id: 1 and "1" are different ids. */
export class PendingRequests<T> {
  readonly #waiting = new Map<string, T[]>();
  readonly #cancelled = new Set<string>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** An id that is used again while it waits waits twice. @returns false: too many wait, it is not kept */
  add(id: unknown, request: T): boolean {
    const key = keyOf(id);
    if (key === null || this.#size >= MOST_WAITING) return false;
    const same = this.#waiting.get(key);
    if (same === undefined) this.#waiting.set(key, [request]);
    else same.push(request);
    this.#size += 1;
    return true;
  }

  /** The request that an answer with this id belongs to: the oldest. */
  take(id: unknown): T | undefined {
    const key = keyOf(id);
    const same = key === null ? undefined : this.#waiting.get(key);
    const request = same?.shift();
    if (key === null || request === undefined) return undefined;
    this.#size -= 1;
    if (same?.length === 0) {
      this.#waiting.delete(key);
      this.#cancelled.delete(key);
    }
    return request;
  }

  /** All that wait in vain: nobody will answer them any more. Those that were taken back are forgotten with them. */
  takeAll(): readonly T[] {
    const wanted = [...this.#waiting].flatMap(([key, requests]) => (this.#cancelled.has(key) ? [] : requests));
    this.#waiting.clear();
    this.#cancelled.clear();
    this.#size = 0;
    return wanted;
  }

  /** The client does not want the answer any more. It may come all the same, so that the request is forgotten only after many others. */
  cancel(id: unknown): void {
    const key = keyOf(id);
    if (key === null || !this.#waiting.has(key)) return;
    this.#cancelled.add(key);
    if (this.#cancelled.size <= MOST_CANCELLED) return;
    const oldest = this.#cancelled.values().next().value ?? key;
    this.#cancelled.delete(oldest);
    this.#size -= this.#waiting.get(oldest)?.length ?? 0;
    this.#waiting.delete(oldest);
  }
}

function keyOf(id: unknown): string | null {
  if (typeof id === 'string') return JSON.stringify(id);
  return typeof id === 'number' ? String(id) : null;
}
