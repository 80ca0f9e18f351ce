import { existsSync } from 'node:fs';
import type { Engine } from '../engine/engine.ts';
import { UserError } from '../errors.ts';
import { engineSource } from './engine-source.ts';
import { createLogger } from './logger.ts';
import { complain } from './output.ts';
import type { Configuration } from './settings/resolve.ts';

/**
 * Opens the database for one piece of work and closes it, whatever happens.
 * @param access read: nothing is written and no file is made
 * @throws StorageError when it cannot be opened
 */
export async function withEngine<T>(
  configuration: Configuration,
  access: 'read' | 'write',
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const settings = access === 'read' ? { ...configuration.settings, read_only: true } : configuration.settings;
  const source = engineSource({ ...configuration, settings }, createLogger(configuration.log_level, complain));
  try {
    return await work(await source.engine());
  } finally {
    await source.close();
  }
}

/** Whether the database is to be a file and there is none. */
export function isMissing({ file }: Configuration): boolean {
  return file !== ':memory:' && !existsSync(file);
}

/** @throws UserError when there is no file that holds what was learned */
export function requireDatabase({ file }: Configuration): void {
  if (file === ':memory:') throw new UserError('a database in memory belongs to one process only; give the path of a file with --db');
  if (!existsSync(file)) throw new UserError(`there is no database at ${file}; give the path of one with --db`);
}
