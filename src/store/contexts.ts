import type { Trx } from './database.ts';
import type { ContextTable } from './tables.ts';

/** Makes the contexts that are new, in one statement. */
export async function ensureContexts(trx: Trx, contexts: readonly ContextTable[]): Promise<void> {
  await trx
    .insertInto('contexts')
    .values(contexts)
    .onConflict((conflict) => conflict.column('context_id').doNothing())
    .execute();
}
