import type { Trx } from './database.ts';
import type { LearnerTable } from './learner-tables.ts';
import { onlyRow, prepared } from './prepared.ts';

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

export async function readCounters(trx: Trx): Promise<LearnerCounters> {
  return (await trx.selectFrom('learner').selectAll().executeTakeFirst()) ?? NOTHING_YET;
}

const COUNTERS = ['log_position', 'update_count', 'selection_count', 'selections_since_reset', 'batch_count'] as const;

const add = prepared((db, amounts: LearnerCounters) =>
  db
    .insertInto('learner')
    .values(amounts)
    .onConflict((conflict) =>
      conflict
        .column('learner_id')
        .doUpdateSet((eb) => Object.fromEntries(COUNTERS.map((name) => [name, eb(`learner.${name}`, '+', eb.ref(`excluded.${name}`))]))),
    )
    .returningAll(),
);

/** Adds one to each of the counters named and returns all of them as they then are. */
export async function increment(trx: Trx, ...counters: readonly (typeof COUNTERS)[number][]): Promise<LearnerCounters> {
  const ones = Object.fromEntries(counters.map((counter) => [counter, 1]));
  return onlyRow(await add(trx, { ...NOTHING_YET, ...ones }));
}

export async function resetSelections(trx: Trx): Promise<void> {
  await trx.updateTable('learner').set({ selections_since_reset: 0 }).execute();
}
