import type { Trx } from '../../store/database.ts';
import { logPosition } from '../../store/learner-snapshots.ts';
import type { Entry, PlacedEntry } from '../../store/log-entries.ts';
import { detachOther, replaceContents } from '../../store/replace-contents.ts';
import type { Engine } from '../engine.ts';
import { type Copy, emptyCopy, type Lesson, learnersOf } from './copy.ts';
import { entriesOf, type Progress } from './entries.ts';
import type { LearnersBySettings } from './learners-by-settings.ts';
import { LogReader } from './log-reader.ts';

export interface RewriteOptions {
  /** Which entries stay; default: all. */
  readonly keep?: ((entry: Entry) => boolean) | undefined;
  readonly progress?: Progress | undefined;
  /** What else changes in that transaction, whose deleted bytes are overwritten. */
  readonly also?: ((trx: Trx) => Promise<void>) | undefined;
}

/**
 * Learns the log again into a copy, without what is not kept, and puts the copy in the database's place in one transaction. What other processes
 * record meanwhile is learned too: the last of it while nobody can write. They notice that the log was rewritten and read it anew.
 */
export async function rewrite(engine: Engine, { keep = () => true, progress, also }: RewriteOptions = {}): Promise<void> {
  const copy = await emptyCopy(engine);
  try {
    const reader = new LogReader();
    const learners = await learnersOf(copy, engine);
    await copy.teach(lessons(entriesOf(engine, { progress, reader }), learners, keep));
    const catchUp = (rest: readonly PlacedEntry[]) => copy.teach(rest.flatMap(({ entry }) => (keep(entry) ? { entry, by: learners } : [])));
    await replaceBy(engine, copy, { reader, catchUp, also });
  } finally {
    await copy.remove();
  }
}

/** Puts the copy in the database's place. `catchUp` teaches it what came since the reader's last page. */
export async function replaceBy(
  engine: Engine,
  copy: Copy,
  {
    reader,
    catchUp,
    also,
  }: { readonly reader: LogReader; readonly catchUp: (rest: readonly PlacedEntry[]) => Promise<unknown> } & Pick<RewriteOptions, 'also'>,
): Promise<void> {
  try {
    await engine.write(async (trx) => {
      const head = await logPosition(trx);
      for (let page = await reader.page(trx, head); page !== null; page = await reader.page(trx, head)) await catchUp(page);
      await copy.engine.close();
      await replaceContents(trx, copy.file);
      await also?.(trx);
    });
  } finally {
    await engine.read(detachOther);
  }
  if (await engine.database.emptyLog()) return;
  engine.log.warn(
    'another process kept reading the -wal file: what was forgotten stands in it until the last server on this database ends',
  );
}

/** Entries as lessons; those that are not kept are left out. */
export async function* lessons(
  entries: AsyncIterable<PlacedEntry>,
  by: LearnersBySettings,
  keep: (entry: Entry) => boolean = () => true,
): AsyncGenerator<Lesson> {
  for await (const { entry } of entries) if (keep(entry)) yield { entry, by };
}
