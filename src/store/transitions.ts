import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';
import type { ReplayBatchTable, TransitionTable } from './tables.ts';

const append = prepared((db, transition: TransitionTable) => db.insertInto('transitions').values(transition));
const forget = prepared((db, values: { readonly last_seq: number }) => db.deleteFrom('transitions').where('seq', '<=', values.last_seq));

/** Remembers an execution for replay and forgets the one that falls out of the capacity. */
export async function rememberTransition(trx: Trx, transition: TransitionTable, capacity: number): Promise<void> {
  await append(trx, transition);
  if (transition.seq > capacity) await forget(trx, { last_seq: transition.seq - capacity });
}

const after = prepared((db, values: { readonly after_seq: number }) =>
  db.selectFrom('transitions').selectAll().where('seq', '>', values.after_seq).orderBy('seq'),
);

/** The transitions recorded after `after_seq`, oldest first. */
export async function transitionsAfter(trx: Trx, after_seq: number): Promise<TransitionTable[]> {
  return await after(trx, { after_seq });
}

const setPriority = prepared((db, { seq, priority }: TransitionTable) =>
  db.updateTable('transitions').set({ priority }).where('seq', '=', seq),
);

export async function setPriorities(trx: Trx, transitions: readonly TransitionTable[]): Promise<void> {
  for (const transition of transitions) await setPriority(trx, transition);
}

export async function countTransitions(trx: Trx): Promise<number> {
  const { count } = await trx
    .selectFrom('transitions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const appendBatch = prepared((db, batch: ReplayBatchTable) => db.insertInto('replay_batches').values(batch));

export async function insertBatch(trx: Trx, batch: ReplayBatchTable): Promise<void> {
  await appendBatch(trx, batch);
}
