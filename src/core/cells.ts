/** What a {@link Cells} table holds, as it is stored. */
export interface SavedCells {
  readonly keys: Uint32Array;
  readonly numbers: Float32Array;
}

/** Places that a key may stand in: a key gives way only when all of them are taken. */
const WAYS = 4;

/**
 * A few numbers by 32-bit key in bounded memory: a set-associative cache. Where a set is full, the key whose first number is least gives
 * way, so the first number must be a count of what stands behind the others. A key that gave way reads as 0, never as another's numbers.
 */
export class Cells {
  readonly #keys: Uint32Array;
  readonly #numbers: Float32Array;
  readonly #width: number;
  readonly #shift: number;

  /** @param bits the table has room for 2^bits keys, 3 to 24 @param width numbers of each */
  constructor(bits: number, width: number) {
    this.#keys = new Uint32Array(2 ** bits);
    this.#numbers = new Float32Array(width * 2 ** bits);
    this.#width = width;
    this.#shift = 32 - bits + Math.log2(WAYS);
  }

  /** The numbers' place, for {@link at}; −1: the key is not held. */
  find(key: number): number {
    const first = this.#set(key);
    for (let way = 0; way < WAYS; way++) if (this.#keys[first + way] === key) return (first + way) * this.#width;
    return -1;
  }

  at(place: number, field: number): number {
    return place < 0 ? 0 : (this.#numbers[place + field] ?? 0);
  }

  /** The number; 0 where the key is not held. */
  read(key: number, field: number): number {
    return this.at(this.find(key), field);
  }

  write(key: number, field: number, value: number): void {
    const found = this.find(key);
    const place = found < 0 ? this.#makeRoom(key) : found;
    this.#numbers[place + field] = value;
  }

  save(): SavedCells {
    return { keys: this.#keys, numbers: this.#numbers };
  }

  load(saved: SavedCells): void {
    this.#keys.set(saved.keys);
    this.#numbers.set(saved.numbers);
  }

  #makeRoom(key: number): number {
    const first = this.#set(key);
    let least = first;
    for (let slot = first; slot < first + WAYS; slot++) if (this.#count(slot) < this.#count(least)) least = slot;
    const place = least * this.#width;
    this.#keys[least] = key;
    this.#numbers.fill(0, place, place + this.#width);
    return place;
  }

  #count(slot: number): number {
    return this.#numbers[slot * this.#width] ?? 0;
  }

  #set(key: number): number {
    return (Math.imul(key, 0x9e3779b1) >>> this.#shift) * WAYS;
  }
}
