import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configure } from '../../../src/cli/configure.ts';
import type { Format } from '../../../src/cli/import/formats.ts';
import { type Imported, importFiles } from '../../../src/cli/import/import-files.ts';
import { sourcesOf } from '../../../src/cli/import/sources.ts';
import { type Row, rowsOf } from '../../helpers/database-file.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** Imports files as the command does. */
export async function imported(
  db: string,
  paths: readonly string[],
  { format = null, dry_run = false }: { readonly format?: Format | null; readonly dry_run?: boolean } = {},
): Promise<Imported> {
  const flags = new Map<string, string>([
    ['db', db],
    ['seed', '7'],
  ]);
  return await importFiles(configure({ flags, config: undefined }), await sourcesOf(paths), { format, dry_run, progress: () => {} });
}

/** A file with these lines. */
export function fileOf(name: string, lines: readonly unknown[]): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return path;
}

const TABLES = [
  'tools',
  'contexts',
  'action_values',
  'sessions',
  'requests',
  'executions',
  'transitions',
  'episodes',
  'ngrams',
  'tool_sessions',
];
/** When something was recorded, and names that a source chose. */
const OWN = /_ms$|^(execution|episode)_id$/;

/** What was learned and recorded, but for times and the names of calls. */
export function tablesOf(db: string): Record<string, readonly Row[]> {
  return Object.fromEntries(
    TABLES.map((table) => {
      const rows = rowsOf(db, `SELECT * FROM ${table}`);
      return [
        table,
        rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !OWN.test(name) || name === 'execution_time_ms'))),
      ];
    }),
  );
}
