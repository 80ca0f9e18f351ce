import { statSync } from 'node:fs';
import { ConfigurationError } from '../errors.ts';

/** @throws ConfigurationError when the path is a folder or a device: a mistake that can be told before any tool is called */
export function checkDatabaseFile(file: string): void {
  if (file === ':memory:') return;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile())
    throw new ConfigurationError(`--db ${file} is not a file; give the path of a file, or leave it out`);
}
