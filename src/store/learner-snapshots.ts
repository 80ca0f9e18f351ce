import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { LearnerSnapshotTable } from './learner-tables.ts';
import { prepared } from './prepared.ts';

/** What the learner knew at a place of the log. */
export type LearnerSnapshot = Omit<LearnerSnapshotTable, 'snapshot_id'>;

export async function readSnapshot(trx: Trx): Promise<LearnerSnapshot | undefined> {
  return await trx.selectFrom('learner_snapshots').select(['log_position', 'format', 'payload', 'created_at_ms']).executeTakeFirst();
}

/** The place of the stored snapshot without its payload; 0: there is none of this format. */
export async function snapshotPosition(trx: Trx, format: number): Promise<number> {
  const row = await trx.selectFrom('learner_snapshots').select('log_position').where('format', '=', format).executeTakeFirst();
  return row?.log_position ?? 0;
}

/** Replaces the stored snapshot. */
export async function writeSnapshot(trx: Trx, snapshot: LearnerSnapshot): Promise<void> {
  await trx
    .insertInto('learner_snapshots')
    .values({ snapshot_id: 1, ...snapshot })
    .onConflict((conflict) => conflict.column('snapshot_id').doUpdateSet(snapshot))
    .execute();
}

/** Removes this snapshot, if no newer one has taken its place. */
export async function dropSnapshot(trx: Trx, { log_position, created_at_ms }: LearnerSnapshot): Promise<void> {
  await trx.deleteFrom('learner_snapshots').where('log_position', '=', log_position).where('created_at_ms', '=', created_at_ms).execute();
}

const headOfLog = prepared((db, _: object) => db.selectFrom('learner').select('log_position'));

/** The place of the latest event of the log; 0: nothing is logged yet. One look-up. */
export async function logPosition(trx: Trx): Promise<number> {
  const [row] = await headOfLog(trx, {});
  return row?.log_position ?? 0;
}

/** The seed of this database's learner; undefined: it was never used. */
export async function readSeed(trx: Trx): Promise<number | undefined> {
  const row = await trx.selectFrom('learner_seed').select('seed').executeTakeFirst();
  return row === undefined ? undefined : Number(row.seed);
}

/** The seed of this database's learner: what was stored first stays. */
export async function ensureSeed(trx: Trx, seed: number): Promise<number> {
  await sql`INSERT INTO learner_seed (seed_id, seed) VALUES (1, ${seed}) ON CONFLICT (seed_id) DO NOTHING`.execute(trx);
  return (await readSeed(trx)) ?? seed;
}
