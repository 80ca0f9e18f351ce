/** Keys that are remembered. */
const CAPACITY = 20_000;

/** The values that were written last, by key; the one longest untouched gives way. */
export class Latest<Value> {
  readonly #values = new Map<number, Value>();
  readonly #capacity: number;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  get(key: number): Value | undefined {
    return this.#values.get(key);
  }

  set(key: number, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (oldest !== undefined && this.#values.size > this.#capacity) this.#values.delete(oldest);
  }

  save(): readonly (readonly [key: number, value: Value])[] {
    return [...this.#values];
  }

  load(saved: readonly (readonly [key: number, value: Value])[]): void {
    for (const [key, value] of saved) this.set(key, value);
  }
}
