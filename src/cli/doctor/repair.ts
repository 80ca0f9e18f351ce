import { existsSync } from 'node:fs';
import { repair } from '../../engine/journal/check.ts';
import type { Progress } from '../../engine/journal/entries.ts';
import { UserError } from '../../errors.ts';
import { clearMissing } from '../../store/high-water-mark.ts';
import type { Configuration } from '../settings/resolve.ts';
import { withEngine } from '../with-engine.ts';

/**
 * Learns everything again from the log, after a copy of the database was put beside it.
 * @param now epoch milliseconds; names the copy
 * @returns path of the copy
 */
export async function repairWithBackup(configuration: Configuration, now: number, progress: Progress): Promise<string> {
  const stamp = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const backup = `${configuration.file}.before-repair-${stamp}`;
  if (existsSync(backup)) throw new UserError(`${backup} exists already; a repair has just been made`);
  await withEngine(configuration, 'write', async (engine) => {
    await engine.database.backup(backup);
    await repair(engine, progress);
    clearMissing(configuration.file);
  });
  return backup;
}
