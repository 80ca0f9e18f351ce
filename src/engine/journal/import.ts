import { setImmediate as nextTurn } from 'node:timers/promises';
import { inert } from '../../core/quote.ts';
import { StorageError } from '../../errors.ts';
import type { Trx } from '../../store/database.ts';
import { findExecution } from '../../store/executions.ts';
import { ensureSeed } from '../../store/learner-snapshots.ts';
import type { Entry } from '../../store/log-entries.ts';
import { atomically } from '../../store/savepoint.ts';
import type { Engine } from '../engine.ts';
import type { LearningSettings } from '../learned-with.ts';
import { sha256 } from '../tool-catalogue.ts';
import { inBatches } from './batches.ts';
import { isKnown } from './known-entries.ts';
import { LearnersBySettings } from './learners-by-settings.ts';
import type { EntryLine, Line } from './lines.ts';
import { relearn } from './relearn.ts';

const LINES_A_TRANSACTION = 200;
const BAD_LINES_SHOWN = 20;
const LONGEST_REASON = 200;

export interface ImportOptions {
  /** The line as JSON, checked. @throws Error that says in one sentence what is wrong with it */
  readonly parse: (text: string) => Line;
  /** Only say what would be added. */
  readonly dry_run?: boolean | undefined;
  /** Called with the lines done. */
  readonly progress?: ((lines: number) => void) | undefined;
}

export interface Imported {
  readonly lines: number;
  readonly added: number;
  /** There before, count. */
  readonly known: number;
  /** The first lines that could not be taken, and why. */
  readonly bad: readonly { readonly line: number; readonly reason: string }[];
  readonly bad_count: number;
}

/**
 * Takes in lines of JSON (see lines.ts) after what is there. What is there already is left alone, so that a second import adds nothing; a line that
 * cannot be taken is counted and leaves the others as they are.
 * @throws StorageError when the database cannot be written: what was taken before stays
 */
export async function importLines(engine: Engine, lines: AsyncIterable<string>, options: ImportOptions): Promise<Imported> {
  const importer = new Importer(engine, options);
  for await (const batch of inBatches(lines, LINES_A_TRANSACTION)) {
    await importer.take(batch);
    options.progress?.(importer.outcome.lines);
    await nextTurn();
  }
  return importer.outcome;
}

class Importer {
  readonly #engine: Engine;
  readonly #parse: ImportOptions['parse'];
  readonly #is_dry: boolean;
  readonly #settings = new Map<number, LearningSettings>();
  readonly #learners: LearnersBySettings;
  readonly #bad: { line: number; reason: string }[] = [];
  #counts = { lines: 0, added: 0, known: 0, bad_count: 0 };
  /** A training has no id: it is new where what stands before it is. */
  #was_new = false;

  constructor(engine: Engine, { parse, dry_run }: ImportOptions) {
    this.#engine = engine;
    this.#parse = parse;
    this.#is_dry = dry_run === true;
    this.#learners = new LearnersBySettings(engine, this.#settings, engine.settings.recorded_text);
  }

  get outcome(): Imported {
    return { ...this.#counts, bad: this.#bad };
  }

  /** All lines of the batch or, when the database fails, none. */
  async take(batch: readonly string[]): Promise<void> {
    const before = { counts: this.#counts, bad: this.#bad.length, was_new: this.#was_new };
    try {
      const transact = this.#is_dry ? this.#engine.read : this.#engine.write;
      await transact(async (trx) => {
        for (const text of batch) await this.#line(trx, text);
      });
    } catch (error) {
      this.#counts = before.counts;
      this.#bad.length = before.bad;
      this.#was_new = before.was_new;
      this.#learners.clear();
      throw error;
    }
  }

  async #line(trx: Trx, text: string): Promise<void> {
    const line = this.#counts.lines + 1;
    this.#counts = { ...this.#counts, lines: line };
    if (text.trim() === '') return;
    try {
      await this.#told(trx, this.#parse(text), `line-${sha256(`${line}:${text}`).slice(0, 32)}`);
    } catch (error) {
      if (error instanceof StorageError || !(error instanceof Error) || isDriverError(error)) throw error;
      this.#counts = { ...this.#counts, bad_count: this.#counts.bad_count + 1 };
      if (this.#bad.length < BAD_LINES_SHOWN) this.#bad.push({ line, reason: inert(error.message).slice(0, LONGEST_REASON) });
    }
  }

  async #told(trx: Trx, line: Line, id: string): Promise<void> {
    if (line.kind === 'toolwise') {
      if (line.seed !== null && !this.#is_dry) await ensureSeed(trx, line.seed);
    } else if (line.kind === 'settings') {
      this.#settings.set(line.settings_id, { hyperparameters: line.hyperparameters, domain_keywords: line.domain_keywords });
    } else {
      await this.#entry(trx, entryOf(line, id, this.#engine.clock()));
    }
  }

  async #entry(trx: Trx, entry: Entry): Promise<void> {
    const is_new = entry.kind === 'training' ? this.#was_new : !(await isThere(trx, entry));
    if (is_new && !this.#is_dry) await this.#learned(trx, entry);
    this.#was_new = is_new;
    this.#counts = { ...this.#counts, [is_new ? 'added' : 'known']: this.#counts[is_new ? 'added' : 'known'] + 1 };
  }

  async #learned(trx: Trx, entry: Entry): Promise<void> {
    try {
      await atomically(trx, () => relearn(this.#learners, trx, entry));
    } catch (error) {
      this.#learners.clear();
      throw error;
    }
  }
}

async function isThere(trx: Trx, entry: Entry): Promise<boolean> {
  if (entry.kind === 'execution') return (await findExecution(trx, entry.execution_id)) !== undefined;
  return await isKnown(trx, entry);
}

/** What the line leaves out: an id that the same line in the same place has again, and the time. */
function entryOf(line: EntryLine, id: string, now_ms: number): Entry {
  switch (line.kind) {
    case 'execution':
      return { ...line, execution_id: line.execution_id ?? id, at_ms: line.at_ms ?? now_ms };
    case 'episode':
      return { ...line, episode_id: line.episode_id ?? id, at_ms: line.at_ms ?? now_ms };
    case 'feedback':
      return { ...line, session_id: line.session_id ?? '', at_ms: line.at_ms ?? now_ms };
    case 'training':
      return line;
    default:
      return { ...line, at_ms: line.at_ms ?? now_ms };
  }
}

function isDriverError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_');
}
