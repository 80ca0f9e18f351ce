import type { Trx } from './database.ts';
import type { TransitionTable } from './tables.ts';

/** Remembers an execution for replay and forgets the one that falls out of the capacity. */
export async function rememberTransition(trx: Trx, transition: TransitionTable, capacity: number): Promise<void> {
  await trx.insertInto('transitions').values(transition).execute();
  if (transition.seq > capacity) {
    await trx
      .deleteFrom('transitions')
      .where('seq', '<=', transition.seq - capacity)
      .execute();
  }
}

/** The transitions recorded after `after_seq`, oldest first. */
export async function transitionsAfter(trx: Trx, after_seq: number): Promise<TransitionTable[]> {
  return await trx.selectFrom('transitions').selectAll().where('seq', '>', after_seq).orderBy('seq').execute();
}

export async function setPriorities(trx: Trx, transitions: readonly TransitionTable[]): Promise<void> {
  for (const { seq, priority } of transitions) {
    await trx.updateTable('transitions').set({ priority }).where('seq', '=', seq).execute();
  }
}

export async function countTransitions(trx: Trx): Promise<number> {
  const { count } = await trx
    .selectFrom('transitions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertBatch(
  trx: Trx,
  batch: { readonly batch: number; readonly after_seq: number; readonly size: number; readonly avg_td_error: number },
): Promise<void> {
  await trx.insertInto('replay_batches').values(batch).execute();
}
