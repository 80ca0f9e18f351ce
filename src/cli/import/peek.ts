import { LONGEST_LINE } from '../read-lines.ts';

/** The beginning of a source, and the source as if nothing had been read of it. */
export interface Peeked {
  /** Two lines that are not empty, or as much as fits; UTF-8, perhaps cut inside a character. */
  readonly head: string;
  readonly all: AsyncIterable<Buffer>;
}

/** Reads on until there are two whole lines that are not empty, but no further than the longest line. */
export async function peeked(chunks: AsyncIterable<Buffer>): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  const lines = new LineCount();
  let bytes = 0;
  while (lines.full < 2 && bytes < LONGEST_LINE) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    read.push(value);
    lines.add(value);
    bytes += value.length;
  }
  return { head: Buffer.concat(read).toString('utf8'), all: replayed(read, iterator) };
}

/**
 * Whether a source is one document of JSON, and not JSON Lines: its first line is no whole value, and neither is the second (a broken first line
 * of JSON Lines is followed by a good one). A document on one line is read as a line, unless it is too long for one.
 */
export function isDocument(head: string): boolean {
  const text = head.trimStart();
  if (!/^[[{]/.test(text)) return false;
  const [first = '', ...others] = text.split('\n', 200).map((line) => line.trim());
  if (isWhole(first)) return false;
  if (first === '[' || first === '{') return true;
  const second = others.find((line) => line !== '');
  return second === undefined || !/^[[{]/.test(second) || !isWhole(second);
}

function isWhole(line: string): boolean {
  if (!/[\]}]$/.test(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false; // that is the answer
  }
}

async function* replayed(read: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let first = read.shift(); first !== undefined; first = read.shift()) yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Counts lines that hold something. */
class LineCount {
  full = 0;
  #has_text = false;

  add(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === 10) {
        if (this.#has_text) this.full += 1;
        this.#has_text = false;
      } else if (byte > 32) this.#has_text = true;
    }
  }
}
