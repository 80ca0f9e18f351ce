import { readFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'vitest/config';

/** `import schema from './schema.sql'` is the file's text, as in the built server. */
const sqlAsText: Plugin = {
  name: 'sql-as-text',
  async load(id) {
    return id.endsWith('.sql') ? `export default ${JSON.stringify(await readFile(id, 'utf8'))};` : null;
  },
};

export default defineConfig({
  plugins: [sqlAsText],
  test: {
    environment: 'node',
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/faults/**'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        // Child processes are timed here, so that the files do not compete for the processor.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Real faults: processes are killed, disks filled, locks held. `npm run test:faults` produces them in full numbers.
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: process.env['TOOLWISE_LONG'] === undefined ? 60_000 : 1_800_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
