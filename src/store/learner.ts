import type { Trx } from './database.ts';
import type { LearnerTable } from './tables.ts';

/** The learner's counters; its one row appears with the first write. */
export type LearnerCounters = LearnerTable;

const NOTHING_YET: LearnerCounters = Object.freeze({
  learner_id: 1,
  log_position: 0,
  update_count: 0,
  selection_count: 0,
  selections_since_reset: 0,
  batch_count: 0,
});

type Counter = Exclude<keyof LearnerCounters, 'learner_id'>;

export async function readCounters(trx: Trx): Promise<LearnerCounters> {
  return (await trx.selectFrom('learner').selectAll().executeTakeFirst()) ?? NOTHING_YET;
}

/** Adds one to each of the counters named and returns all of them as they then are. */
export async function increment(trx: Trx, ...counters: readonly Counter[]): Promise<LearnerCounters> {
  const first = Object.fromEntries(counters.map((counter) => [counter, 1]));
  return await trx
    .insertInto('learner')
    .values({ ...NOTHING_YET, ...first })
    .onConflict((conflict) =>
      conflict
        .column('learner_id')
        .doUpdateSet((eb) => Object.fromEntries(counters.map((counter) => [counter, eb(`learner.${counter}`, '+', 1)]))),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function resetSelections(trx: Trx): Promise<void> {
  await trx.updateTable('learner').set({ selections_since_reset: 0 }).execute();
}
