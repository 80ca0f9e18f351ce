import { randomInt } from 'node:crypto';
import type { Engine } from '../../engine/engine.ts';
import { hasCanary, plantCanary, removeCanary } from '../../store/inspection.ts';
import type { Configuration } from '../settings/resolve.ts';
import { withEngine } from '../with-engine.ts';
import { type Finding, note, ok, problem } from './finding.ts';

const DAY_MS = 86_400_000;
/** Keys of a day lie so far apart (see session_updates). */
const KEYS_A_DAY = 2 ** 37;

/** Writes a row that means nothing, reads it over another connection, and removes it. @param reader another connection to the file */
export async function writeFinding(configuration: Configuration, reader: Engine): Promise<Finding> {
  if (configuration.settings.read_only) return note('write test', 'not made, because of --read-only');
  const key = Math.floor(Date.now() / DAY_MS) * KEYS_A_DAY + randomInt(KEYS_A_DAY);
  return await withEngine(configuration, 'write', async (writer) => {
    await writer.database.write((trx) => plantCanary(trx, key));
    const arrived = await reader.read((trx) => hasCanary(trx, key));
    await writer.database.write((trx) => removeCanary(trx, key));
    const left = await reader.read((trx) => hasCanary(trx, key));
    if (!arrived) return problem('write test', 'what one connection has written another does not see; check the file system');
    return left
      ? problem('write test', 'what was removed is still there')
      : ok('write test', 'written, read over another connection, removed');
  });
}
