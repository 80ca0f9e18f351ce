import { describe, expect, onTestFinished, test } from 'vitest';
import type { Outcome } from '../../src/core/types.ts';
import { type Database, openDatabase, type Trx } from '../../src/store/database.ts';
import { insertEpisode, type NamedEpisode, pageOfEpisodes } from '../../src/store/episodes.ts';
import { findSession, insertSession } from '../../src/store/sessions.ts';
import { findToolsByName, insertTool } from '../../src/store/tools.ts';
import { expectSame, loadGolden } from './support.ts';

type GoldenEpisode = readonly [session: string, tools: readonly string[], reward: number, outcome: Outcome];
type Listed = readonly [session: string, tools: readonly string[], reward: number];

interface EpisodeCase {
  readonly id: string;
  readonly tags: readonly string[];
  readonly episodes: readonly GoldenEpisode[];
  readonly queries: readonly { readonly tool_name: string | null; readonly limit: number; readonly result: readonly Listed[] }[];
}

const { episode_cases } = loadGolden<{ readonly episode_cases: readonly EpisodeCase[] }>('metrics');

test('the file holds cases', () => {
  expect(episode_cases.length).toBeGreaterThan(0);
});

async function toolId(trx: Trx, name: string): Promise<number> {
  const [tool] = await findToolsByName(trx, [name]);
  return tool?.tool_id ?? (await insertTool(trx, name));
}

async function toolIds(trx: Trx, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push(await toolId(trx, name));
  return ids;
}

async function stored(episodes: readonly GoldenEpisode[]): Promise<Database> {
  const database = await openDatabase(':memory:');
  onTestFinished(() => database.close());
  await database.write(async (trx) => {
    for (const [at, [session, tools, episode_reward, outcome]] of episodes.entries()) {
      const { session_id } = (await findSession(trx, session)) ?? (await insertSession(trx, session, at));
      const tool_ids = await toolIds(trx, tools);
      const rest = {
        ngrams_updated: 0,
        first_seq: null,
        last_seq: null,
        created_at_ms: at,
        settings_id: null,
        reward_given: 1,
        confidence: 1,
      };
      await insertEpisode(trx, {
        log_position: at,
        episode_id: `e${at}`,
        session_id,
        outcome,
        episode_reward,
        tool_ids,
        length: tools.length,
        ...rest,
      });
    }
  });
  return database;
}

/** Successes by falling reward, as `[session, tools, reward]`. */
async function bestSuccesses(database: Database, tool_name: string | null, limit: number): Promise<NamedEpisode[]> {
  return await database.write(async (trx) => {
    const tool_id = tool_name ? await toolId(trx, tool_name) : undefined;
    return await pageOfEpisodes(trx, { tool_id, session_id: undefined, best_successes: true, limit, after: null });
  });
}

async function listed(database: Database, found: readonly NamedEpisode[]): Promise<Listed[]> {
  const names = await database.read(async (trx) => {
    const rows = await trx.selectFrom('tools').select(['tool_id', 'name']).execute();
    return new Map(rows.map((row) => [row.tool_id, row.name]));
  });
  return found.map((episode) => [episode.session_name, episode.tool_ids.map((id) => names.get(id) ?? '?'), episode.episode_reward]);
}

describe('successful sequences', () => {
  test.each(episode_cases)(
    '$id ($tags) come in the reference’s order, which looks at the best 2 · limit only',
    async ({ episodes, queries }) => {
      const database = await stored(episodes);
      for (const { tool_name, limit, result } of queries) {
        const looked_at = await listed(database, await bestSuccesses(database, null, tool_name ? 2 * limit : limit));
        const kept = looked_at.filter(([, tools]) => !tool_name || tools.includes(tool_name)).slice(0, limit);
        expectSame(kept, result, `${tool_name} at ${limit}`);
      }
    },
  );

  test.each(episode_cases)(
    '$id ($tags): fault 34 (filtered successes hide) is mended, a tool’s successes are all found',
    async (golden) => {
      const database = await stored(golden.episodes);
      const successes = golden.episodes.filter(([, , , outcome]) => outcome === 'success');
      for (const { tool_name, limit, result } of golden.queries) {
        const got = await listed(database, await bestSuccesses(database, tool_name, limit));
        const matching = successes.filter(([, tools]) => !tool_name || tools.includes(tool_name));
        expect(got).toHaveLength(Math.min(limit, matching.length));
        expectSame(got.slice(0, result.length), result, `${tool_name} at ${limit}`);
      }
    },
  );
});
