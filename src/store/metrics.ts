import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** The metrics that learning leaves behind; every one is read from the log, so nothing waits in memory to be lost. */
export const METRIC_NAMES = ['reward', 'td_error', 'batch_avg_td_error', 'episode_reward', 'episode_length', 'exploration_rate'] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

/** Where each metric stands: table, order, and expression. */
const SOURCES: Record<MetricName, { readonly table: string; readonly order: string; readonly value: string; readonly where?: string }> = {
  reward: { table: 'executions', order: 'seq', value: 'reward' },
  td_error: { table: 'executions', order: 'seq', value: 'abs(td_error)' },
  batch_avg_td_error: { table: 'replay_batches', order: 'batch', value: 'avg_td_error' },
  episode_reward: { table: 'episodes', order: 'episode_seq', value: 'episode_reward' },
  episode_length: { table: 'episodes', order: 'episode_seq', value: 'length' },
  exploration_rate: {
    table: 'recommendations',
    order: 'recommendation_seq',
    value: 'exploration_rate',
    where: 'exploration_rate IS NOT NULL',
  },
};

/** The latest values of a metric, newest first. */
export async function latestValues(trx: Trx, name: MetricName, window: number): Promise<number[]> {
  const { table, order, value, where = '1 = 1' } = SOURCES[name];
  const { rows } = await sql<{ value: number }>`
    SELECT ${sql.raw(value)} AS value FROM ${sql.table(table)} WHERE ${sql.raw(where)} ORDER BY ${sql.ref(order)} DESC LIMIT ${window}
  `.execute(trx);
  return rows.map((row) => row.value);
}
