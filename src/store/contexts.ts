import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';
import type { ContextTable } from './tables.ts';

const insertNew = prepared((db, values: { readonly contexts: readonly ContextTable[] }) =>
  db
    .insertInto('contexts')
    .values(values.contexts)
    .onConflict((conflict) => conflict.column('context_id').doNothing()),
);

/** Makes the contexts that are new, in one statement. */
export async function ensureContexts(trx: Trx, contexts: readonly ContextTable[]): Promise<void> {
  await insertNew(trx, { contexts });
}
