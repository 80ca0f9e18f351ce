import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import type { Logger } from '../../engine/logger.ts';
import { collect } from './collect.ts';
import { spoolFolder } from './folder.ts';
import { announceReader, withdrawReader } from './readers.ts';

/** Milliseconds between two looks at the spool. */
const PAUSE_MS = 500;
/** So long the first answer waits for what lies there, milliseconds. */
const PATIENCE_MS = 1_000;

/** Somebody who takes in what recorders leave, as long as a server serves. */
export interface Follower {
  /** Ends it, after the pass that runs. */
  close(): Promise<void>;
}

/** Takes in what lies in the spool of the engine's database, and goes on doing so. A pass that fails is said once and tried again. */
export async function followSpool(engine: Engine, log: Logger): Promise<Follower> {
  const folder = spoolFolder(engine.file);
  const stop = new AbortController();
  let said = '';
  const pass = async () => {
    try {
      announceReader(folder);
      const { problems } = await collect(engine, folder);
      for (const problem of problems) log.warn(`in the spool: ${problem}`);
      said = '';
    } catch (error) {
      const told = String(error);
      if (told !== said) log.warn(`what recorders left in ${folder} cannot be taken in; it is tried again`, error);
      said = told;
    }
  };
  const first = pass();
  const passes = repeat(first, pass, stop.signal);
  await Promise.race([first, sleep(PATIENCE_MS, undefined, { ref: false })]);
  return {
    close: async () => {
      stop.abort();
      await passes;
      withdrawReader(folder);
    },
  };
}

async function repeat(first: Promise<void>, pass: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await first;
  while (!signal.aborted) {
    await sleep(PAUSE_MS, undefined, { ref: false, signal }).catch(() => undefined); // only the signal can reject it
    if (!signal.aborted) await pass();
  }
}
