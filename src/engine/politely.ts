import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work after which other work gets its turn. */
const SLICE_MS = 8;

/** For long work in small steps: call the answer after each step, and other work is let in now and then. */
export function politely(): () => Promise<void> {
  let slice = performance.now();
  return async () => {
    if (performance.now() - slice < SLICE_MS) return;
    await nextTurn();
    slice = performance.now();
  };
}
