/** Longest message, in bytes without its line feed: 1 MiB. */
export const LONGEST_LINE_BYTES = 1_048_576;

/** What is kept of both ends of a longer line, bytes: enough to find its id there. */
const EDGE_BYTES = 4_096;
const FIRST_CAPACITY = 16_384;
const LINE_FEED = 0x0a;
const EMPTY = Buffer.alloc(0);

export type Line =
  /** Without its line feed. */
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** More than `LONGEST_LINE_BYTES`: only its length and both of its ends are known. */
  | { readonly kind: 'too_long'; readonly length_bytes: number; readonly head: Buffer; readonly tail: Buffer };

/**
 * Cuts a stream of bytes into lines. However the bytes arrive, the time is linear in them and never more than two lines' worth is kept:
 * a line that grows too long is dropped while it streams by.
 */
export class LineLimiter {
  #kept = EMPTY;
  #keptBytes = 0;
  #lineBytes = 0;
  #tail = EMPTY;

  /** Bytes received of a line that has not ended. */
  get unfinished_bytes(): number {
    return this.#lineBytes;
  }

  /** The lines that end in this chunk, each with all that came before it. */
  *push(chunk: Buffer): Generator<Line> {
    let begin = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, begin)) {
      yield this.#lineEndingWith(chunk.subarray(begin, end));
      begin = end + 1;
    }
    this.#keep(chunk.subarray(begin));
  }

  #lineEndingWith(bytes: Buffer): Line {
    if (this.#lineBytes === 0 && bytes.length <= LONGEST_LINE_BYTES) return { kind: 'whole', bytes }; // the usual case: nothing is copied
    this.#keep(bytes);
    const length_bytes = this.#lineBytes;
    const kept = this.#kept.subarray(0, this.#keptBytes);
    const line: Line =
      length_bytes <= LONGEST_LINE_BYTES
        ? { kind: 'whole', bytes: kept }
        : { kind: 'too_long', length_bytes, head: kept.subarray(0, EDGE_BYTES), tail: this.#tail };
    this.#startLine();
    return line;
  }

  /** Adds bytes to the unfinished line, or only to its ends once it is too long. */
  #keep(bytes: Buffer): void {
    const wasTooLong = this.#lineBytes > LONGEST_LINE_BYTES;
    this.#lineBytes += bytes.length;
    if (this.#lineBytes <= LONGEST_LINE_BYTES) {
      this.#append(bytes);
      return;
    }
    if (!wasTooLong) this.#keepEdges(bytes);
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
  }

  /** Drops what is kept of a line that becomes too long with these bytes, apart from its ends. */
  #keepEdges(bytes: Buffer): void {
    const kept = this.#kept.subarray(0, this.#keptBytes);
    this.#tail = Buffer.from(kept.subarray(-EDGE_BYTES));
    this.#kept = Buffer.concat([kept, bytes.subarray(0, EDGE_BYTES)]).subarray(0, EDGE_BYTES);
    this.#keptBytes = this.#kept.length;
  }

  /** Doubles the room, so that a line that comes byte by byte is not copied each time. */
  #append(bytes: Buffer): void {
    const needed = this.#keptBytes + bytes.length;
    if (needed > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#kept.length, FIRST_CAPACITY));
      this.#kept.copy(larger, 0, 0, this.#keptBytes);
      this.#kept = larger;
    }
    bytes.copy(this.#kept, this.#keptBytes);
    this.#keptBytes = needed;
  }

  /** The room is not used again: the line that was handed out lies in it. */
  #startLine(): void {
    this.#kept = EMPTY;
    this.#keptBytes = 0;
    this.#lineBytes = 0;
    this.#tail = EMPTY;
  }
}
