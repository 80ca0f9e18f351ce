import { statSync } from 'node:fs';
import { importLines } from '../../engine/journal/import.ts';
import { linesOf } from '../read-lines.ts';
import type { Configuration } from '../settings/resolve.ts';
import { isMissing, withEngine } from '../with-engine.ts';
import { parseLine } from './parse-line.ts';

/** A line that could not be used. */
export interface BadLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** What a call of `import` did, as `--json` prints it. */
export interface Imported {
  readonly database: string;
  readonly files: readonly string[];
  readonly dry_run: boolean;
  readonly lines: number;
  readonly added: number;
  /** Known before, hence not added, count. */
  readonly known: number;
  /** The first of them. */
  readonly bad: readonly BadLine[];
  readonly bad_count: number;
}

export interface ImportOptions {
  readonly dry_run: boolean;
  /** Lines read so far, and about how many there are; null: not known. */
  readonly progress: (lines: number, total: number | null) => void;
}

const BAD_LINES_TOLD = 20;

/** Reads one file after the other into the database, which is made if there is none. @throws StorageError when it cannot be written */
export async function importFiles(configuration: Configuration, files: readonly string[], options: ImportOptions): Promise<Imported> {
  const { dry_run } = options;
  // A trial run makes no file: what is not there yet is an empty database.
  const file = dry_run && isMissing(configuration) ? ':memory:' : configuration.file;
  return await withEngine({ ...configuration, file }, dry_run ? 'read' : 'write', async (engine) => {
    let imported: Imported = { database: configuration.file, files, dry_run, lines: 0, added: 0, known: 0, bad: [], bad_count: 0 };
    for (const path of files) {
      const { lines, progress } = followed(path, imported.lines, options.progress);
      const done = await importLines(engine, lines, { parse: parseLine, dry_run, progress });
      imported = {
        ...imported,
        lines: imported.lines + done.lines,
        added: imported.added + done.added,
        known: imported.known + done.known,
        bad: [...imported.bad, ...done.bad.map((bad) => ({ file: path, ...bad }))].slice(0, BAD_LINES_TOLD),
        bad_count: imported.bad_count + done.bad_count,
      };
    }
    return imported;
  });
}

/** The lines of a file, and a listener that tells how many there will be from the share of its bytes that has been read. */
function followed(path: string, before: number, tell: ImportOptions['progress']) {
  const size = path === '-' ? 0 : statSync(path).size;
  let bytes = 0;
  const lines = linesOf(path, (read) => {
    bytes = read;
  });
  const progress = (done: number) => tell(before + done, size === 0 || bytes === 0 ? null : before + Math.round((done * size) / bytes));
  return { lines, progress };
}
