import { statSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '../../errors.ts';
import { complain } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';
import { withProgress } from '../terminal.ts';
import { withEngine } from '../with-engine.ts';
import { type Collected, collect, spoolNames } from './collect.ts';
import { spoolFolder } from './folder.ts';

/**
 * Takes in what recorders left for this database, so that a command answers with it. Nothing there: nothing is opened or made; `--read-only`, too,
 * but then what is left is complained about.
 * A database that cannot be written is complained about, and the command goes on with what it holds.
 */
export async function takeSpoolFirst(configuration: Configuration): Promise<void> {
  const { file, settings } = configuration;
  if (file === ':memory:') return;
  const folder = spoolFolder(file);
  if (settings.read_only) return complainOfLeft(folder);
  if ((spoolNames(folder) ?? []).length === 0) return;
  try {
    const { problems } = await takenIn(configuration);
    for (const problem of problems) complain(`toolwise warn: in the spool: ${problem}`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    complain(`toolwise warn: what hooks and wrapped servers left in ${folder} could not be taken in: ${error.message}`);
  }
}

/** Takes the spool in, and shows a person how far it is. @throws StorageError when the database cannot be written */
export async function takenIn(configuration: Configuration): Promise<Collected> {
  const folder = spoolFolder(configuration.file);
  const total = bytesIn(folder);
  return await withProgress('bytes recorded', async (tell) => {
    let done = 0;
    const progress = (bytes: number) => {
      done += bytes;
      tell(done, Math.max(done, total));
    };
    return await withEngine(configuration, 'write', (engine) => collect(engine, folder, progress));
  });
}

function complainOfLeft(folder: string): void {
  if (bytesIn(folder) > 0)
    complain(`toolwise warn: what hooks and wrapped servers left in ${folder} is not taken in, because of --read-only`);
}

/** Size of all files of events. */
function bytesIn(folder: string): number {
  const sizes = (spoolNames(folder) ?? []).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
