import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { EpisodeTable } from './tables.ts';

/** One episode: the tools of a piece of work in order, how it ended and what it was worth. */
export interface Episode extends Omit<EpisodeTable, 'tool_ids'> {
  readonly tool_ids: readonly number[];
}

export interface NamedEpisode extends Episode {
  readonly session_name: string;
}

export async function insertEpisode(trx: Trx, episode: Omit<Episode, 'episode_seq'>): Promise<void> {
  await trx
    .insertInto('episodes')
    .values({
      ...episode,
      episode_seq: sql<number>`(SELECT coalesce(max(episode_seq), 0) + 1 FROM episodes)`,
      tool_ids: JSON.stringify(episode.tool_ids),
    })
    .execute();
}

export async function findEpisode(trx: Trx, episode_id: string): Promise<Episode | undefined> {
  const row = await trx.selectFrom('episodes').selectAll().where('episode_id', '=', episode_id).executeTakeFirst();
  return row === undefined ? undefined : parsed(row);
}

export async function lastEpisode(trx: Trx, session_id: number): Promise<Episode | undefined> {
  const row = await trx
    .selectFrom('episodes')
    .selectAll()
    .where('session_id', '=', session_id)
    .orderBy('episode_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : parsed(row);
}

/** The last execution that an episode of the session spans; 0 when there is none. */
export async function lastSpannedSeq(trx: Trx, session_id: number): Promise<number> {
  const row = await trx
    .selectFrom('episodes')
    .select((eb) => eb.fn.max('last_seq').as('last_seq'))
    .where('session_id', '=', session_id)
    .executeTakeFirst();
  return row?.last_seq ?? 0;
}

export interface EpisodeFilter {
  readonly tool_id: number | undefined;
  readonly session_id: string | undefined;
  /** true: successes by falling reward; false: all, newest first. */
  readonly best_successes: boolean;
  /** Where the page begins: after this many successes, or before this episode_seq; null: at the start. */
  readonly after: number | null;
  readonly limit: number;
}

export async function pageOfEpisodes(trx: Trx, filter: EpisodeFilter): Promise<NamedEpisode[]> {
  const rows = await trx
    .selectFrom('episodes as e')
    .innerJoin('sessions as s', 's.session_id', 'e.session_id')
    .selectAll('e')
    .select('s.name as session_name')
    .$if(filter.session_id !== undefined, (query) => query.where('s.name', '=', filter.session_id ?? ''))
    .$if(filter.tool_id !== undefined, (query) => query.where(containsTool(filter.tool_id ?? 0)))
    .$if(filter.best_successes, (query) =>
      query
        .where('e.outcome', '=', 'success')
        .orderBy('e.episode_reward', 'desc')
        .orderBy('e.episode_seq')
        .offset(filter.after ?? 0),
    )
    .$if(!filter.best_successes, (query) => query.orderBy('e.episode_seq', 'desc'))
    .$if(!filter.best_successes && filter.after !== null, (query) => query.where('e.episode_seq', '<', filter.after ?? 0))
    .limit(filter.limit)
    .execute();
  return rows.map((row) => ({ ...parsed(row), session_name: row.session_name }));
}

/** True where the JSON array of ids holds this one: numbers only, so a comma or bracket always bounds them. */
function containsTool(tool_id: number) {
  const padded = sql<string>`replace(replace(e.tool_ids, '[', ','), ']', ',')`;
  return sql<boolean>`${padded} LIKE ${`%,${tool_id},%`}`;
}

function parsed<Row extends EpisodeTable>(row: Row): Omit<Row, 'tool_ids'> & { readonly tool_ids: readonly number[] } {
  return { ...row, tool_ids: JSON.parse(row.tool_ids) as number[] };
}
