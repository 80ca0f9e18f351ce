import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../errors.ts';

/** Characters written at once. */
const CHUNK = 65_536;

/** Writes lines on stdout as fast as they are read. @returns lines written, count; a reader that has seen enough is no error */
export async function printLines(lines: AsyncIterable<string>): Promise<number> {
  return await writeLines(lines, process.stdout, false);
}

/**
 * Writes lines to a new file that only its owner can read; after a failure there is no file.
 * @returns lines written, count
 * @throws UserError when the file exists or cannot be made
 */
export async function saveLines(lines: AsyncIterable<string>, path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'exists already; name a file that does not' : `cannot be made (${error.code})`;
    throw new UserError(`${path} ${why}`);
  });
  try {
    return await writeLines(lines, createWriteStream(path, { fd: file, autoClose: true }), true);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function writeLines(lines: AsyncIterable<string>, to: Writable, end: boolean): Promise<number> {
  const written = { count: 0 };
  try {
    await pipeline(Readable.from(chunks(lines, written)), to, { end });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
  return written.count;
}

async function* chunks(lines: AsyncIterable<string>, written: { count: number }): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += `${line}\n`;
    written.count += 1;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
