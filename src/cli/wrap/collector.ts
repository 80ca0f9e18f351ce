import { statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Engine } from '../../engine/engine.ts';
import { configure } from '../configure.ts';
import { type EngineSource, engineSource } from '../engine-source.ts';
import { collect } from '../spool/collect.ts';
import { announceReader, withdrawReader } from '../spool/readers.ts';
import { parseSettings } from './collector-settings.ts';
import type { CollectorData, CollectorOrder, CollectorReport } from './messages.ts';

/** The thread of `toolwise wrap` that has the database open: takes the spool in whenever it is told to. */

const { flags, folder, name } = workerData as CollectorData;
let source: EngineSource | undefined;
let work = Promise.resolve();

// The relay comes first. Only on Linux is that of a thread, elsewhere it would be of the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on('message', (order: CollectorOrder) => {
  work = work.then(() => carryOut(order));
});

async function carryOut(order: CollectorOrder): Promise<void> {
  const taken_bytes = statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  const problem = await problemOf(async () => {
    announceReader(folder);
    await collect(await engine(), folder);
  });
  if (order === 'finish') withdrawReader(folder);
  const closing = order === 'finish' ? await problemOf(async () => source?.close()) : null;
  const report: CollectorReport = { order, problem: problem ?? closing, taken_bytes };
  parentPort?.postMessage(report);
}

/** Opened at the first order; after a failure the next tries again. It records, and nobody asks it for a ranking: nothing has to be learned. */
function engine(): Promise<Engine> {
  source ??= opened();
  return source.engine();
}

function opened(): EngineSource {
  const configuration = configure(parseSettings(flags));
  const silent = { warn: () => {}, error: () => {}, info: () => {} };
  return engineSource({ ...configuration, settings: { ...configuration.settings, ranker: 'reference' } }, silent);
}

async function problemOf(step: () => Promise<unknown>): Promise<string | null> {
  try {
    await step();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
