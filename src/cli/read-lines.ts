import { createReadStream } from 'node:fs';

/** Longest line that is passed on whole, characters: a file without line ends must not fill the memory. */
export const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * The lines of a file, or of stdin for `-`, without their ends. A line that is too long comes cut, so that it is no JSON any more.
 * @param onBytes is told how many bytes have been read
 */
export function linesOf(path: string, onBytes: (bytes: number) => void = () => {}): AsyncGenerator<string> {
  return linesIn(bytesOf(path, onBytes));
}

/** A file, or stdin for `-`, in pieces. @param onBytes is told how many bytes have been read */
export async function* bytesOf(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}

/** The lines in pieces of UTF-8: see {@link linesOf}. */
export async function* linesIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const line = new Line();
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    line.add(first);
    for (const part of others) {
      yield line.take();
      line.add(part);
    }
  }
  line.add(decoder.decode());
  if (!line.isEmpty) yield line.take();
}

/** A line that comes in parts; what is beyond the longest is dropped. */
class Line {
  #parts: string[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(part: string): void {
    const kept = part.slice(0, LONGEST_LINE - this.#length);
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  take(): string {
    const line = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
