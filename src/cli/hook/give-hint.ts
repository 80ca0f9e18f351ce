import module from 'node:module';
import type { Prompting } from './hint.ts';
import { printQuietly } from './print-quietly.ts';

/** Milliseconds for all of it: the user waits. */
const LIMIT_MS = 2000;

/**
 * Prints the hint for a prompt, if there is one, and ends the process: in time, or without it.
 * @throws Error when there is none in time, or none can be told; then nothing was printed
 */
export async function giveHint(prompting: Prompting, flags: readonly string[]): Promise<void> {
  module.enableCompileCache?.();
  const begun_ms = performance.now();
  const { hintFor } = await import('./hint.ts');
  const hint = await within(LIMIT_MS - (performance.now() - begun_ms), hintFor(prompting, flags));
  if (hint.line !== null) await printQuietly(`${hint.line}\n`);
  // What was learned for the answer is kept for the next one, if there is time for it.
  await within(LIMIT_MS - (performance.now() - begun_ms), hint.close());
}

/** @throws Error when the time is over; the work goes on and must not be waited for */
async function within<T>(limit_ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the hint took longer than ${LIMIT_MS} ms`)), limit_ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
