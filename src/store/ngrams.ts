import { sql } from 'kysely';
import { FULL_UPDATES } from '../core/repeats.ts';
import type { Trx } from './database.ts';
import type { NgramTable } from './tables.ts';

/** A tuple of tools: what came before, latest first, and what followed. */
export interface NgramKey {
  readonly latest_first: readonly number[];
  readonly next_tool_id: number;
}

const PREFIX_COLUMNS = ['previous_1', 'previous_2', 'previous_3', 'previous_4'] as const;
const ROWS_A_STATEMENT = 500;

function prefixColumns(latest_first: readonly number[]): Pick<NgramTable, (typeof PREFIX_COLUMNS)[number]> {
  const [previous_1 = 0, previous_2 = 0, previous_3 = 0, previous_4 = 0] = latest_first;
  return { previous_1, previous_2, previous_3, previous_4 };
}

/** A tuple as an episode holds it. */
export interface HeldNgram extends NgramKey {
  readonly occurrences: number;
  /** The first of its session's episodes that day that held it. */
  readonly is_first_today: boolean;
}

/**
 * Adds one episode to the tuples it holds: counts, and means of reward and success over the episodes, in which one that repeats itself counts
 * no more than another.
 */
export async function addToNgrams(
  trx: Trx,
  episode: {
    readonly ngrams: readonly HeldNgram[];
    readonly credit: number;
    readonly success: number;
  },
): Promise<void> {
  for (let start = 0; start < episode.ngrams.length; start += ROWS_A_STATEMENT) {
    await addRows(trx, { ...episode, ngrams: episode.ngrams.slice(start, start + ROWS_A_STATEMENT) });
  }
}

async function addRows(trx: Trx, episode: Parameters<typeof addToNgrams>[1]): Promise<void> {
  const mean = (column: 'avg_reward' | 'success_rate') =>
    sql<number>`ngrams.${sql.raw(column)} + (excluded.${sql.raw(column)} - ngrams.${sql.raw(column)}) / (ngrams.episode_count + 1)`;
  await trx
    .insertInto('ngrams')
    .values(
      episode.ngrams.map(({ latest_first, next_tool_id, occurrences, is_first_today }) => ({
        ...prefixColumns(latest_first),
        next_tool_id,
        occurrence_count: occurrences,
        episode_count: 1,
        avg_reward: episode.credit,
        success_rate: episode.success,
        weight: Math.min(occurrences, FULL_UPDATES),
        session_count: is_first_today ? 1 : 0,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns([...PREFIX_COLUMNS, 'next_tool_id']).doUpdateSet((eb) => ({
        avg_reward: mean('avg_reward'),
        success_rate: mean('success_rate'),
        occurrence_count: eb('ngrams.occurrence_count', '+', eb.ref('excluded.occurrence_count')),
        episode_count: eb('ngrams.episode_count', '+', 1),
        weight: eb('ngrams.weight', '+', eb.ref('excluded.weight')),
        session_count: eb('ngrams.session_count', '+', eb.ref('excluded.session_count')),
      })),
    )
    .execute();
}

export interface NextRow {
  readonly tool_name: string;
  readonly prefix_length: number;
  readonly occurrence_count: number;
  readonly episode_count: number;
  readonly avg_reward: number;
  readonly success_rate: number;
  readonly weight: number;
  readonly session_count: number;
}

/** All that ever followed each of these prefixes (the latest tool, the latest two, …), in one query. */
export async function successorsOf(trx: Trx, latest_first: readonly number[]): Promise<NextRow[]> {
  if (latest_first.length === 0) return [];
  const prefixes = latest_first.map((_, at) => prefixColumns(latest_first.slice(0, at + 1)));
  const rows = await trx
    .selectFrom('ngrams as n')
    .innerJoin('tools as t', 't.tool_id', 'n.next_tool_id')
    .selectAll('n')
    .select('t.name as tool_name')
    .where((eb) => eb.or(prefixes.map((prefix) => eb.and(PREFIX_COLUMNS.map((column) => eb(`n.${column}`, '=', prefix[column]))))))
    .orderBy('n.next_tool_id')
    .execute();
  return rows.map((row) => ({ ...row, prefix_length: PREFIX_COLUMNS.filter((column) => row[column] !== 0).length }));
}

/** The tuples seen in most episodes, best rewarded first among equals. */
export async function strongestNgrams(trx: Trx, min_episodes: number, limit: number): Promise<NgramTable[]> {
  return await trx
    .selectFrom('ngrams')
    .selectAll()
    .where('episode_count', '>=', min_episodes)
    .orderBy(sql`0.4 * avg_reward + 4 * success_rate`, 'desc')
    .orderBy('episode_count', 'desc')
    .limit(limit)
    .execute();
}
