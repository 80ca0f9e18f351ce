import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { collect, spoolNames } from './collect.ts';
import { spoolFolder } from './folder.ts';
import { isWrapped } from './writers.ts';

/**
 * Removes what hooks left of a forgotten session, once it was taken in; nothing waits for the file to grow quiet. Files of wrapped servers that run
 * stay until these end.
 */
export async function removeFromSpool(engine: Engine, session_id: string): Promise<void> {
  const folder = spoolFolder(engine.file);
  if ((spoolNames(folder) ?? []).length === 0) return;
  await collect(engine, folder);
  const name = JSON.stringify(session_id);
  for (const file of (spoolNames(folder) ?? []).filter((one) => !isWrapped(one))) {
    const path = join(folder, file);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size !== undefined && readFileSync(path, 'utf8').includes(name) && statSync(path).size === size) rmSync(path, { force: true });
  }
}
