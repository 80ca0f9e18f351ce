import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { importLines, type ToldLine, type UnusableLine } from '../../engine/journal/import.ts';
import { sha256 } from '../../engine/tool-catalogue.ts';
import { bytesOf } from '../read-lines.ts';
import type { Configuration } from '../settings/resolve.ts';
import { isMissing, withEngine } from '../with-engine.ts';
import { detected } from './detected.ts';
import { FORMATS, type Format, readerOf } from './formats.ts';
import type { Piece } from './piece.ts';
import { piecesOf } from './pieces.ts';
import { type Tally, Tallying } from './tally.ts';
import { toldLines } from './told-lines.ts';
import { toolwiseLines } from './toolwise-lines.ts';

/** A line that could not be used. */
export interface BadLine {
  readonly file: string;
  /** From 1; of a document, the element. */
  readonly line: number;
  readonly reason: string;
}

/** What a call of `import` did, as `--json` prints it. */
export interface Imported {
  readonly database: string;
  readonly files: readonly string[];
  /** Files of each format, count; those that hold nothing have none. */
  readonly formats: Partial<Readonly<Record<Format, number>>>;
  readonly dry_run: boolean;
  readonly lines: number;
  readonly added: number;
  /** Known before, hence not added, count. */
  readonly known: number;
  /** The first of them. */
  readonly bad: readonly BadLine[];
  readonly bad_count: number;
  readonly told: Tally;
}

export interface ImportOptions {
  /** null: told from each file's first lines. */
  readonly format: Format | null;
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
    const tallying = new Tallying();
    const followed = new Followed(files, options.progress);
    let imported = { formats: {} as Imported['formats'], lines: 0, added: 0, known: 0, bad: [] as readonly BadLine[], bad_count: 0 };
    for (const path of files) {
      const { format, done } = await importFile(engine, path, { ...options, tallying, followed });
      imported = {
        formats: format === null ? imported.formats : { ...imported.formats, [format]: (imported.formats[format] ?? 0) + 1 },
        lines: imported.lines + done.lines,
        added: imported.added + done.added,
        known: imported.known + done.known,
        bad: [...imported.bad, ...done.bad.map((bad) => ({ file: path, ...bad }))].slice(0, BAD_LINES_TOLD),
        bad_count: imported.bad_count + done.bad_count,
      };
    }
    return { database: configuration.file, files, dry_run, ...imported, told: tallying.tally };
  });
}

async function importFile(
  engine: Engine,
  path: string,
  options: ImportOptions & { readonly tallying: Tallying; readonly followed: Followed },
) {
  const { dry_run, tallying, followed } = options;
  const pieces = piecesOf(bytesOf(path, (bytes) => followed.read(bytes)));
  const { format, found, pieces: all } = options.format === null ? await detected(pieces) : { format: options.format, found: '', pieces };
  const lines = format === null ? unknown(found) : linesOf(path, format, all);
  // A transcript may be of work with another database, whose advice is not in this one.
  const advice_rule = format === 'jsonl' ? undefined : 'any_or_none';
  const done = await importLines(engine, tallying.count(lines), { dry_run, advice_rule, progress: (line) => followed.tell(line) });
  followed.next(done.lines);
  return { format, done };
}

function linesOf(path: string, format: Format, pieces: AsyncIterable<Piece>): AsyncIterable<ToldLine | UnusableLine> {
  if (format === 'jsonl') return toolwiseLines(pieces);
  const reader = readerOf(format, { fallback: basename(path, extname(path)), hash: sha256 });
  return toldLines(pieces, reader, { written_ms: path === '-' ? null : Math.floor(statSync(path).mtimeMs) });
}

/** Of a source in no known format: why nothing was read. An empty one is no mistake. */
async function* unknown(found: string): AsyncGenerator<UnusableLine> {
  if (found === '') return;
  yield { line: 1, problem: `no known format (found ${found}); name one with --format ${FORMATS.join('|')}` };
}

/** How far the reading is: the number of all lines is guessed from the share of the bytes that was read. */
class Followed {
  readonly #tell: ImportOptions['progress'];
  /** Of all files; null: not known, since stdin is one of them. */
  readonly #size: number | null;
  #bytes = 0;
  #bytesBefore = 0;
  #linesBefore = 0;

  constructor(files: readonly string[], tell: ImportOptions['progress']) {
    this.#tell = tell;
    this.#size = files.includes('-') ? null : files.reduce((sum, path) => sum + statSync(path).size, 0);
  }

  read(bytes: number): void {
    this.#bytes = this.#bytesBefore + bytes;
  }

  tell(line: number): void {
    const lines = this.#linesBefore + line;
    this.#tell(lines, this.#size === null || this.#bytes === 0 ? null : Math.round((lines * this.#size) / this.#bytes));
  }

  next(lines: number): void {
    this.#linesBefore += lines;
    this.#bytesBefore = this.#bytes;
  }
}
