import type { Trx } from './database.ts';
import type { ReplayBatchTable } from './learner-tables.ts';
import { prepared } from './prepared.ts';
import type { TransitionTable } from './tables.ts';

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

const oldest = prepared((db, _: object) => db.selectFrom('transitions').select('seq').orderBy('seq').limit(1));

/** The oldest transition that is remembered, seq; 0: none is. */
export async function oldestTransition(trx: Trx): Promise<number> {
  const [row] = await oldest(trx, {});
  return row?.seq ?? 0;
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

const batchesAfter = prepared((db, values: { readonly batch: number }) =>
  db.selectFrom('replay_batches').select(['batch', 'seqs']).where('batch', '>', values.batch).orderBy('batch'),
);

const ratedAfter = prepared((db, values: { readonly feedback_seq: number }) =>
  db
    .selectFrom('feedback')
    .select(['feedback_seq', 'execution_seq'])
    .where('feedback_seq', '>', values.feedback_seq)
    .orderBy('feedback_seq'),
);

const bySeq = prepared((db, values: { readonly seqs: readonly number[] }) =>
  db.selectFrom('transitions').selectAll().where('seq', 'in', values.seqs),
);

/** How far the changes of priorities are known: the last replay batch and the last late rating. */
export interface PriorityMark {
  readonly batch: number;
  readonly feedback_seq: number;
}

export async function latestPriorityMark(trx: Trx): Promise<PriorityMark> {
  const batch = await trx
    .selectFrom('replay_batches')
    .select((eb) => eb.fn.max('batch').as('last'))
    .executeTakeFirst();
  const feedback = await trx
    .selectFrom('feedback')
    .select((eb) => eb.fn.max('feedback_seq').as('last'))
    .executeTakeFirst();
  return { batch: batch?.last ?? 0, feedback_seq: feedback?.last ?? 0 };
}

/** What replay and late ratings changed since the mark. null: an older version ran a batch and did not say what it drew. */
export async function prioritiesAfter(
  trx: Trx,
  mark: PriorityMark,
): Promise<{ readonly mark: PriorityMark; readonly changed: readonly TransitionTable[] } | null> {
  const batches = await batchesAfter(trx, mark);
  const ratings = await ratedAfter(trx, mark);
  if (batches.some(({ seqs }) => seqs === null)) return null;
  const seqs = [
    ...batches.flatMap((batch) => JSON.parse(batch.seqs ?? '[]') as number[]),
    ...ratings.map((rating) => rating.execution_seq),
  ];
  return {
    mark: { batch: batches.at(-1)?.batch ?? mark.batch, feedback_seq: ratings.at(-1)?.feedback_seq ?? mark.feedback_seq },
    changed: seqs.length === 0 ? [] : await bySeq(trx, { seqs: [...new Set(seqs)] }),
  };
}

const appendBatch = prepared((db, batch: ReplayBatchTable) => db.insertInto('replay_batches').values(batch));

export async function insertBatch(trx: Trx, batch: ReplayBatchTable): Promise<void> {
  await appendBatch(trx, batch);
}
