import { createReadStream, statSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { UserError } from '../errors.ts';

/** Longest line that is passed on whole, characters: a file without line ends must not fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** @throws UserError when one of the files cannot be read; `-` always can */
export async function requireReadable(paths: readonly string[]): Promise<void> {
  for (const path of paths.filter((candidate) => candidate !== '-')) {
    await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`${path} cannot be read (${error.code}); nothing was imported`);
    });
    if (statSync(path).isDirectory()) throw new UserError(`${path} is a folder; nothing was imported`);
  }
}

/**
 * The lines of a file, or of stdin for `-`, without their ends. A line that is too long comes cut, so that it is no JSON any more.
 * @param onBytes is told how many bytes have been read
 */
export async function* linesOf(path: string, onBytes: (bytes: number) => void = () => {}): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const line = new Line();
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    onBytes(bytes);
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
