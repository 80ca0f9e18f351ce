import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress } from 'node:zlib';
import { Learner, type SavedLearner } from '../core/learner/learner.ts';
import type { Database, Trx } from '../store/database.ts';
import {
  dropSnapshot,
  ensureSeed,
  type LearnerSnapshot,
  readSeed,
  readSnapshot,
  snapshotPosition,
  writeSnapshot,
} from '../store/learner-snapshots.ts';
import { cannotRecord } from '../store/storage-errors.ts';
import type { Logger } from './logger.ts';

/** Version of the payload: a learner that learns other numbers from the same log, or keeps others, gets the next one. */
export const SNAPSHOT_FORMAT = 2;

/** What is not worth waiting for long: it is only of use later. */
const SHORTLY = { patience_ms: 500 };
/** Zstandard's level 1 packs a learner as well as deflate's, in a sixth of the time. */
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export interface SnapshotOptions {
  /** For a database that has no seed yet; null: a random one. */
  readonly seed: number | null;
  readonly read_only: boolean;
  readonly clock: () => number;
  readonly log: Logger;
}

/** The learner's place in the database: its seed, and the one snapshot that spares a start the whole log. */
export class LearnerSnapshots {
  readonly #database: Database;
  readonly #options: SnapshotOptions;
  /** The last event that the stored snapshot knows. */
  #stored = 0;
  #is_seed_stored = true;

  constructor(database: Database, options: SnapshotOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** false: the database could not be written when the learner was made, so that another process may choose another seed. */
  get isSeedStored(): boolean {
    return this.#is_seed_stored;
  }

  /** The stored learner, or a new one, and the last event that it knows. What cannot be read is told and dropped. */
  async load(): Promise<{ readonly learner: Learner; readonly position: number }> {
    const seed = await this.#seed();
    const snapshot = await this.#database.read(readSnapshot);
    const learner = snapshot === undefined ? null : await this.#decoded(snapshot, seed);
    if (snapshot === undefined || learner === null) return { learner: new Learner(seed), position: 0 };
    return { learner, position: snapshot.log_position };
  }

  /** What `load` gave is followed from now on. */
  took(position: number): void {
    this.#stored = position;
  }

  /** Whether so many events have come since the stored one. Never in read-only mode. */
  isDue(position: number, interval: number): boolean {
    return !this.#options.read_only && position - this.#stored >= interval;
  }

  /** After the log was rewritten: no snapshot of it is known. */
  clear(): void {
    this.#stored = 0;
  }

  /**
   * Stores the learner as it is soon, unless another process was first; it may go on learning meanwhile.
   * @param position the last event it knows: asked when it is copied, since it may learn until then
   * @param isCurrent false: the log was rewritten since the learner was loaded
   */
  async store(
    learner: Learner,
    position: () => number,
    { interval, isCurrent }: { readonly interval: number; readonly isCurrent: () => boolean },
  ): Promise<void> {
    this.#stored = await this.#database.read((trx) => snapshotPosition(trx, SNAPSHOT_FORMAT));
    const known = position();
    if (isCurrent() && this.isDue(known, interval)) await this.#write(known, await encodeLearner(learner), isCurrent);
  }

  /** The same for a process that is about to end. */
  async storeNow(learner: Learner, position: number, isCurrent: () => boolean): Promise<void> {
    await this.#write(position, encodeLearnerNow(learner), isCurrent);
  }

  async #write(log_position: number, payload: string, isCurrent: () => boolean): Promise<void> {
    const snapshot = { log_position, format: SNAPSHOT_FORMAT, payload, created_at_ms: this.#options.clock() };
    const store = async (trx: Trx): Promise<void> => {
      if (isCurrent() && (await snapshotPosition(trx, SNAPSHOT_FORMAT)) < log_position) await writeSnapshot(trx, snapshot);
    };
    await this.#database.write(store, SHORTLY);
    if (isCurrent()) this.#stored = Math.max(this.#stored, log_position);
  }

  async #seed(): Promise<number> {
    const stored = await this.#database.read(readSeed);
    const seed = stored ?? this.#options.seed ?? randomInt(2 ** 32);
    if (stored !== undefined || this.#options.read_only) return seed;
    const kept = await this.#writtenIfPossible((trx) => ensureSeed(trx, seed));
    this.#is_seed_stored = kept !== null;
    return kept ?? seed;
  }

  /** null: the database is locked, full or read-only, which is no reason not to answer. */
  async #writtenIfPossible<T>(work: (trx: Trx) => Promise<T>): Promise<T | null> {
    try {
      return await this.#database.write(work, SHORTLY);
    } catch (error) {
      if (cannotRecord(error)) return null;
      throw error;
    }
  }

  async #decoded(snapshot: LearnerSnapshot, seed: number): Promise<Learner | null> {
    const { format, payload } = snapshot;
    try {
      if (format !== SNAPSHOT_FORMAT) throw new Error(`its format is ${format}, this toolwise reads ${SNAPSHOT_FORMAT}`);
      return await decodeLearner(payload, seed);
    } catch (error) {
      this.#options.log.warn('the stored snapshot of the learner cannot be used; it is rebuilt from the log', error);
      if (!this.#options.read_only) await this.#writtenIfPossible((trx) => dropSnapshot(trx, snapshot));
      return null;
    }
  }
}

/** What a payload holds: the columns say whether the learner that reads it has the same signals as the one that wrote it. */
interface Content {
  readonly columns: readonly string[];
  readonly learner: SavedLearner;
}

/** The learner as it is at the call, base64. It is copied before the first pause, and packed beside the main thread. */
export async function encodeLearner(learner: Learner): Promise<string> {
  return (await compress(contentOf(learner), FAST)).toString('base64');
}

export function encodeLearnerNow(learner: Learner): string {
  return zstdCompressSync(contentOf(learner), FAST).toString('base64');
}

/** @throws Error when the payload is damaged or holds a learner of other signals */
export async function decodeLearner(payload: string, seed: number): Promise<Learner> {
  const content = deserialize(await decompress(Buffer.from(payload, 'base64'))) as Content;
  const learner = new Learner(seed);
  if (columnsOf(learner).join() !== content.columns.join()) throw new Error('it holds a learner of other signals');
  learner.load(content.learner);
  return learner;
}

function contentOf(learner: Learner): Buffer {
  return serialize({ columns: columnsOf(learner), learner: learner.save() } satisfies Content);
}

function columnsOf(learner: Learner): readonly string[] {
  return [...learner.weights().keys()];
}
