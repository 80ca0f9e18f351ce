import type { Trx } from './database.ts';
import type { LogStateTable } from './log-tables.ts';

/** What happened to the log as a whole: rewritten so many times, and its oldest part removed. */
export type LogState = Omit<LogStateTable, 'state_id'>;

export async function readLogState(trx: Trx): Promise<LogState> {
  return await trx.selectFrom('log_state').select(['rewrite_count', 'pruned_executions', 'pruned_position']).executeTakeFirstOrThrow();
}
