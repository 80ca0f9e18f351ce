/** Longest name of a field, and longest value, that is kept, bytes of JSON text. */
const LONGEST_KEPT = 1024;
/** Objects inside objects that are looked into. */
export const DEEPEST = 5;
/** Fields that are kept of one message. */
const MOST_FIELDS = 1000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

type Kept = Record<string, unknown>;

interface Frame {
  /** null: the array of a batch. */
  readonly object: Kept | null;
  /** Where the text of an object stands: before a name, or after its colon. */
  isAtValue: boolean;
  /** Of the value that comes next; null: it is not kept. */
  name: string | null;
}

/**
 * Reads a few fields of JSON that is too long to be held, as it comes, in memory that does not grow: objects shrink to the fields asked for, arrays
 * and long texts are left out. A message is an object at the top, or in an array at the top. What is not JSON gives nothing that can be relied on,
 * and no error.
 */
export class JsonScan {
  readonly #fields: ReadonlySet<string>;
  readonly #tell: (message: unknown) => void;
  readonly #kept = Buffer.allocUnsafe(LONGEST_KEPT);
  #frames: Frame[] = [];
  /** Containers open inside a value that is not kept. */
  #skipped = 0;
  /** What the bytes belong to. */
  #token: 'none' | 'string' | 'scalar' = 'none';
  #isEscaped = false;
  /** Bytes in `#kept`; more than fit: too long; -1: not wanted. */
  #length = -1;
  #fieldCount = 0;

  /** @param fields names of the fields that are kept, none of them `__proto__` @param tell gets each message, shrunk, at its end */
  constructor(fields: ReadonlySet<string>, tell: (message: unknown) => void) {
    this.#fields = fields;
    this.#tell = tell;
  }

  /** The next bytes, cut anywhere. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#token === 'string') at = this.#inString(bytes, at);
      else if (this.#skipped > 0) at = this.#inSkipped(bytes, at);
      else at = this.#inKept(bytes, at);
    }
  }

  #inString(bytes: Uint8Array, from: number): number {
    let at = from;
    let isEscaped = this.#isEscaped;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) break;
    }
    this.#isEscaped = isEscaped;
    if (this.#length >= 0) this.#keep(bytes, from, at);
    if (at === bytes.length) return at;
    this.#token = 'none';
    if (this.#skipped === 0) this.#stringEnded();
    return at + 1;
  }

  #inSkipped(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.#begin('string', false);
        return at + 1;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#skipped += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#skipped -= 1;
      if (this.#skipped === 0) {
        this.#valueEnded(undefined);
        return at + 1;
      }
    }
    return bytes.length;
  }

  #inKept(bytes: Uint8Array, from: number): number {
    const byte = bytes[from] ?? 0;
    if (this.#token === 'scalar') return this.#inScalar(bytes, from);
    const frame = this.#frames.at(-1);
    if (byte === QUOTE) this.#begin('string', frame?.object != null && (!frame.isAtValue || frame.name !== null));
    else if (byte === OPEN_OBJECT) this.#openObject(frame);
    else if (byte === OPEN_ARRAY) this.#openArray(frame);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close();
    else if (byte === COLON && frame !== undefined) frame.isAtValue = true;
    else if (byte === COMMA) {
      if (frame !== undefined) [frame.isAtValue, frame.name] = [false, null];
    } else if (byte > 0x20) {
      this.#begin('scalar', frame?.object != null && frame.name !== null);
      return from;
    }
    return from + 1;
  }

  #inScalar(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && !endsScalar(bytes[at] ?? 0)) at += 1;
    if (this.#length >= 0) this.#keep(bytes, from, at);
    if (at === bytes.length) return at;
    this.#token = 'none';
    this.#valueEnded(this.#parsed(''));
    return at;
  }

  #begin(token: 'string' | 'scalar', isKept: boolean): void {
    this.#token = token;
    this.#isEscaped = false;
    this.#length = isKept ? 0 : -1;
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    if (this.#length + to - from <= LONGEST_KEPT) this.#kept.set(bytes.subarray(from, to), this.#length);
    this.#length = Math.min(this.#length + to - from, LONGEST_KEPT + 1);
  }

  #stringEnded(): void {
    const frame = this.#frames.at(-1);
    const text = this.#parsed('"');
    if (frame === undefined || frame.object === null || frame.isAtValue) {
      this.#valueEnded(text);
      return;
    }
    frame.name = typeof text === 'string' && this.#fields.has(text) ? text : null;
    // The same name again replaces what it had before, as JSON.parse has it.
    if (frame.name !== null) delete frame.object[frame.name];
  }

  #parsed(quote: string): unknown {
    if (this.#length < 0 || this.#length > LONGEST_KEPT) return undefined;
    try {
      return JSON.parse(`${quote}${this.#kept.toString('utf8', 0, this.#length)}${quote}`) as unknown;
    } catch {
      return undefined; // not JSON: nothing is promised
    }
  }

  #valueEnded(value: unknown): void {
    const frame = this.#frames.at(-1);
    if (frame?.object == null || frame.name === null) return;
    if (value !== undefined && this.#fieldCount < MOST_FIELDS) {
      this.#fieldCount += 1;
      frame.object[frame.name] = value;
    }
    frame.name = null;
  }

  #openObject(frame: Frame | undefined): void {
    const isMessage = frame === undefined || frame.object === null;
    const depth = this.#frames.filter(({ object }) => object !== null).length;
    if (!isMessage && (frame.name === null || depth >= DEEPEST)) {
      this.#skipped = 1;
      return;
    }
    if (isMessage) this.#fieldCount = 0;
    const object: Kept = {};
    this.#valueEnded(object);
    this.#frames.push({ object, isAtValue: false, name: null });
  }

  #openArray(frame: Frame | undefined): void {
    if (frame === undefined) this.#frames.push({ object: null, isAtValue: true, name: null });
    else this.#skipped = 1;
  }

  #close(): void {
    const closed = this.#frames.pop();
    const outer = this.#frames.at(-1);
    if (closed?.object != null && outer?.object == null) this.#tell(closed.object);
  }
}

function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
}
