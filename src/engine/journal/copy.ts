import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Trx } from '../../store/database.ts';
import { ensureSeed, readSeed } from '../../store/learner-snapshots.ts';
import { allSettings } from '../../store/learning-settings.ts';
import type { Entry } from '../../store/log-entries.ts';
import { type Engine, openEngine } from '../engine.ts';
import type { LearningSettings } from '../learned-with.ts';
import { politely } from '../politely.ts';
import { inBatches } from './batches.ts';
import { isKnown } from './known-entries.ts';
import { LearnersBySettings } from './learners-by-settings.ts';
import { relearn } from './relearn.ts';

/** Copies that a killed process left behind are removed after so long, milliseconds. */
const STALE_MS = 86_400_000;
const LESSONS_A_TRANSACTION = 500;

/** A database in a file of its own that is taught from entries; it stands beside the one it will replace or is compared with. */
export interface Copy {
  readonly file: string;
  readonly engine: Engine;
  /** Teaches it. @returns lessons that added something, count */
  teach(lessons: Lessons): Promise<number>;
  /** Removes it. */
  remove(): Promise<void>;
}

/** An entry to be taught. */
export interface Lesson {
  readonly entry: Entry;
  /** The engines that know the settings of the log it comes from. */
  readonly by: LearnersBySettings;
  /** It may be there already. */
  readonly is_doubtful?: boolean;
}

type Lessons = AsyncIterable<Lesson> | Iterable<Lesson>;

/** An empty copy with the seed of the engine's database. */
export async function emptyCopy(engine: Engine): Promise<Copy> {
  const file = copyFile(engine);
  const seed = (await engine.read(readSeed)) ?? engine.seed;
  const settings = {
    ...engine.settings,
    seed,
    read_only: false,
    ranker: 'reference',
    recorded_text: 'full',
    durability: 'normal',
  } as const;
  const copy = await openEngine({ file, settings, clock: engine.clock, log: engine.log });
  await copy.database.write((trx) => ensureSeed(trx, seed));
  return {
    file,
    engine: copy,
    teach: (lessons) => teach(copy, lessons),
    remove: async () => {
      await copy.close();
      for (const suffix of ['', '-wal', '-shm', '-mark']) rmSync(`${file}${suffix}`, { force: true });
      if (engine.file === ':memory:') rmdirSync(dirname(file));
    },
  };
}

/** Engines that teach a copy with the settings that a database's entries name. */
export async function learnersOf(copy: Copy, source: Engine): Promise<LearnersBySettings> {
  return new LearnersBySettings(copy.engine, await source.read(settingsById));
}

/** The settings that entries name, by key. */
export async function settingsById(trx: Trx): Promise<Map<number, LearningSettings>> {
  const texts = await allSettings(trx);
  return new Map(Array.from(texts, ([id, text]) => [id, JSON.parse(text) as LearningSettings]));
}

async function teach(copy: Engine, lessons: Lessons): Promise<number> {
  const pause = politely();
  let added = 0;
  for await (const batch of inBatches(lessons, LESSONS_A_TRANSACTION)) {
    await copy.database.write(async (trx) => {
      for (const lesson of batch) {
        if (await learn(trx, lesson)) added += 1;
        await pause();
      }
    });
  }
  return added;
}

async function learn(trx: Trx, { entry, by, is_doubtful }: Lesson): Promise<boolean> {
  if (is_doubtful === true && (await isKnown(trx, entry))) return false;
  return await relearn(by, trx, entry);
}

/** Beside the database, so that it lies on the same disk under the same permissions. */
function copyFile({ file, clock }: Engine): string {
  if (file === ':memory:') return join(mkdtempSync(join(tmpdir(), 'toolwise-')), 'copy.db');
  removeStale(file, clock());
  return `${file}.copy-${randomUUID().slice(0, 8)}`;
}

function removeStale(file: string, now_ms: number): void {
  const prefix = `${basename(file)}.copy-`;
  for (const name of readdirSync(dirname(file)).filter((candidate) => candidate.startsWith(prefix))) {
    const path = join(dirname(file), name);
    const age_ms = now_ms - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY);
    if (age_ms > STALE_MS) rmSync(path, { force: true });
  }
}
