import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import type { Uniform } from '../../../src/core/types.ts';
import { rowsOf } from '../../helpers/database-file.ts';
import { expectSound } from '../../helpers/doctor.ts';
import { type Call, callOf, reported } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';

const PROCESSES = isLong ? 4 : 3;
const LIVES = isLong ? 12 : 2;
const STEPS_A_LIFE = isLong ? 120 : 25;
const AVAILABLE = ['search', 'ledger', 'mail', 'files', 'server/read'];

const start = useServers();

/** What clients were told is kept, by table and id. */
interface Acknowledged {
  readonly executions: Set<string>;
  readonly episodes: Set<string>;
  readonly recommendations: Set<string>;
  readonly ratings: Map<string, number>;
}

/** One agent: it asks for advice, calls, reports, rates and ends its tasks, until its server is gone. */
class Agent {
  readonly #name: string;
  readonly #uniform: Uniform;
  readonly #kept: Acknowledged;
  #n = 0;
  #updates_seen = 0;

  constructor(name: string, uniform: Uniform, kept: Acknowledged) {
    this.#name = name;
    this.#uniform = uniform;
    this.#kept = kept;
  }

  async step(client: StdioClient): Promise<void> {
    const call = callOf(this.#name, this.#n);
    const advice = await this.#advice(client, call);
    const { execution_id } = await client.ask('record_execution', { ...call, recommendation_id: advice });
    this.#kept.executions.add(execution_id);
    if (this.#uniform() < 0.3) await this.#rate(client, execution_id);
    if (this.#n % 10 === 9) await this.#end(client, call);
    if (this.#uniform() < 0.1) await this.#look(client);
    this.#n += 1;
  }

  async #advice(client: StdioClient, { query, session_id }: Call): Promise<string> {
    const asked = { query, session_id, available_tools: AVAILABLE };
    const name = this.#uniform() < 0.5 ? 'recommend_tools' : 'select_tool';
    const { recommendation_id } = await client.ask(name, asked);
    this.#kept.recommendations.add(recommendation_id);
    return recommendation_id;
  }

  async #rate(client: StdioClient, execution_id: string): Promise<void> {
    const rating = 1 + Math.floor(this.#uniform() * 5);
    await client.ask('submit_feedback', { execution_id, rating, feedback: `rated by ${this.#name}` });
    this.#kept.ratings.set(execution_id, rating);
  }

  async #end(client: StdioClient, { session_id }: Call): Promise<void> {
    const { episode_id } = await client.ask('log_episode', { session_id, outcome: 'success' });
    this.#kept.episodes.add(episode_id);
  }

  /** What one client reads never goes back in time, also after its server was killed. */
  async #look(client: StdioClient): Promise<void> {
    const { update_count } = await client.ask('get_learning_stats');
    expect(update_count).toBeGreaterThanOrEqual(Math.max(this.#updates_seen, this.#n + 1));
    this.#updates_seen = update_count;
  }
}

/** Works through its lives: some end with stdin, some by kill -9 in the middle of a call. */
async function live(db: string, agent: Agent, uniform: Uniform): Promise<number> {
  let kills = 0;
  for (let life = 0; life < LIVES; life += 1) {
    const client = await start({ db });
    const isKilled = uniform() < 0.6;
    const last = 1 + Math.floor(uniform() * STEPS_A_LIFE);
    for (let step = 0; step < last; step += 1) await agent.step(client);
    if (!isKilled) expect(await client.end()).toMatchObject({ code: 0 });
    else {
      const cut = agent.step(client);
      setTimeout(() => client.child.kill('SIGKILL'), uniform() * 8);
      await cut.catch(() => undefined);
      kills += 1;
    }
  }
  return kills;
}

function expectKept(db: string, kept: Acknowledged): void {
  const ids = (sql: string) => new Set(rowsOf(db, sql).map(({ id }) => String(id)));
  for (const table of ['executions', 'episodes', 'recommendations'] as const) {
    const stored = ids(`SELECT ${table.slice(0, -1)}_id AS id FROM ${table}`);
    expect(
      [...kept[table]].filter((id) => !stored.has(id)),
      `${table} lost`,
    ).toEqual([]);
  }
  const rated = new Map(rowsOf(db, 'SELECT execution_id AS id, user_rating FROM executions').map((row) => [row['id'], row['user_rating']]));
  for (const [id, rating] of kept.ratings) expect(rated.get(id), `the rating of ${id}`).toBe(rating);
}

describe('everything at once', () => {
  it(`F02 ${PROCESSES} processes that recommend, select, record, rate and log episodes, with kills and restarts: nothing acknowledged is lost`, async () => {
    const db = temporaryDatabase();
    const kept: Acknowledged = { executions: new Set(), episodes: new Set(), recommendations: new Set(), ratings: new Map() };
    const kills = await Promise.all(
      Array.from({ length: PROCESSES }, (_, at) => live(db, new Agent(`agent ${at}`, seededUniform(at, 1), kept), seededUniform(at, 2))),
    );
    expectKept(db, kept);
    await expectSound(db);
    const sizes = {
      executions: kept.executions.size,
      episodes: kept.episodes.size,
      advice: kept.recommendations.size,
      ratings: kept.ratings.size,
    };
    reported('mixed load', { kills: kills.reduce((sum, count) => sum + count, 0), ...sizes });
  });
});
