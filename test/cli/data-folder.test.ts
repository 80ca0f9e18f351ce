import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDataFolder } from '../../src/store/open-file.ts';
import { temporaryFolder } from '../helpers/engine.ts';

test('the folders of a database are made, for their owner only', () => {
  const file = join(temporaryFolder(), 'a', 'b', 'c.db');
  makeDataFolder(file);
  makeDataFolder(file);
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
});

test.skipIf(!existsSync('/proc/1'))('a place where no folder can be made is an error and not an endless wait', () => {
  expect(() => makeDataFolder('/proc/1/nowhere/x.db')).toThrow(/folder of the database cannot be made; check --db/);
});
