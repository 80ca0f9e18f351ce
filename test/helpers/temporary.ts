import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new, empty folder that is removed after the test file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'toolwise-test-'));
  directories.push(directory);
  return directory;
}

/** The path of a database that does not exist yet, in a folder of its own. */
export function temporaryDatabase(): string {
  return join(temporaryDirectory(), 'toolwise.db');
}
