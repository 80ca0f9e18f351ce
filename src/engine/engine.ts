import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { UserError } from '../errors.ts';
import { type Database, openDatabase, type Trx } from '../store/database.ts';
import { LearnedWith } from './learned-with.ts';
import { LearnerCache } from './learner-cache.ts';
import type { Logger } from './logger.ts';
import { ReplayCache } from './replay-cache.ts';
import { Retention } from './retention.ts';
import type { Settings } from './settings.ts';
import { ToolCatalogue } from './tool-catalogue.ts';

/** What every use case needs: the database, the clock, the seed, and what this process remembers of committed rows. */
export interface Engine {
  /** Absolute path of the database, or `:memory:`. */
  readonly file: string;
  readonly database: Database;
  readonly settings: Settings;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Seed of every draw in this process. */
  readonly seed: number;
  readonly log: Logger;
  readonly catalogue: ToolCatalogue;
  readonly learned_with: LearnedWith;
  readonly replay: ReplayCache;
  readonly learner: LearnerCache;
  /** A new id: unique, ordered by time (UUID version 7, RFC 9562). */
  newId(): string;
  /**
   * One immediate transaction; all or nothing.
   * @param options patience_ms: how long to wait for a lock that others hold; default: ten seconds
   * @throws UserError in read-only mode, StorageError when nothing could be written
   */
  write<T>(work: (trx: Trx) => Promise<T>, options?: { readonly patience_ms?: number }): Promise<T>;
  /** One consistent view. */
  read<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** A session was forgotten: whoever keeps its texts outside the database removes them. */
  onForgotten(session_id: string): Promise<void>;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Absolute path of the database, or `:memory:`. */
  readonly file: string;
  readonly settings: Settings;
  readonly clock: () => number;
  readonly log: Logger;
}

const READ_ONLY = 'this server runs with --read-only: nothing is recorded; start it without that flag';

/**
 * Opens the learner on its database.
 * @throws StorageError when the file cannot be opened or is not toolwise's
 */
export async function openEngine({ file, settings, clock, log }: EngineOptions): Promise<Engine> {
  const database = await openDatabase(file, { ...settings, log });
  const catalogue = new ToolCatalogue();
  const learned_with = new LearnedWith(settings);
  const replay = new ReplayCache(settings.hyperparameters);
  const learner = new LearnerCache(database, { seed: settings.seed, read_only: settings.read_only, clock, log });
  const retention = new Retention({ database, learner, settings, log });
  const clearKeys = () => {
    for (const cache of [catalogue, learned_with, replay]) cache.clear();
  };
  database.onRewritten(() => {
    clearKeys();
    learner.clear();
  });
  return {
    file,
    database,
    settings,
    clock,
    log,
    catalogue,
    learned_with,
    replay,
    learner,
    seed: settings.seed ?? randomInt(2 ** 32),
    newId: () => uuidv7({ msecs: clock() }),
    write: async (work, options) => {
      if (settings.read_only) throw new UserError(READ_ONLY);
      const written = await database.write(work, options).catch((error: unknown) => {
        clearKeys(); // a failed transaction took rows away that they may already name
        throw error;
      });
      if (settings.ranker === 'learned') learner.schedule();
      retention.schedule();
      return written;
    },
    read: (work) => database.read(work),
    onForgotten: async () => {},
    close: async () => {
      await retention.close();
      await learner
        .close()
        .catch((error: unknown) => log.warn('the snapshot of the learner was not stored; the next start learns it again', error));
      await database.close();
    },
  };
}
