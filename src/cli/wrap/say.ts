import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const STDERR = 2;
const LONGEST_WAIT_MS = 300;

const unwritten = new Set<Promise<void>>();
const said = new Set<string>();

/**
 * One line on stderr, each only once. Not through `process.stderr`, which makes the pipe non-blocking for the wrapped server too, since both write
 * to the same one; and not on this thread, which a full pipe would stop.
 */
export function sayOnce(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  const writing: Promise<void> = new Promise((resolve) => {
    write(STDERR, `toolwise wrap: ${text.replace(/\s*\n\s*/g, '; ')}\n`, () => {
      unwritten.delete(writing);
      resolve();
    });
  });
  unwritten.add(writing);
}

/** Waits until all is said, not for ever. */
export async function allSaid(): Promise<void> {
  if (unwritten.size > 0) await Promise.race([Promise.all(unwritten), sleep(LONGEST_WAIT_MS)]);
}
