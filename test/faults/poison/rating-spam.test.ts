import { expect, test } from 'vitest';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';

const start = useServers();

const SESSIONS = 20;
const SPAMMED_CALLS = isLong ? 1_000 : 250;
const SPAMMED_RATINGS = isLong ? 1_000 : 250;
const SPAMMED_EPISODES = isLong ? 300 : 100;
const QUERY = 'convert the invoice to euro';
const QUERIES = [QUERY, 'convert the bill to euro'];
const TOOLS = ['exchange', 'calculator', 'bank'];
const SPAM = 'spam';

interface Outcome {
  readonly success: boolean;
  readonly user_rating?: number;
}

async function record(client: StdioClient, session_id: string, tool_name: string, outcome: Outcome, query = QUERY): Promise<string> {
  const call = { session_id, tool_name, query, available_tools: TOOLS, execution_time_ms: 100, ...outcome };
  return (await client.ask('record_execution', call)).execution_id;
}

/** Twenty sessions, ten a request: one tool always works, one at times, one never. */
async function honestWork(client: StdioClient): Promise<void> {
  for (let n = 0; n < SESSIONS; n++) {
    const session = `honest ${n}`;
    const query = QUERIES[n % 2];
    await record(client, session, 'bank', { success: false, user_rating: 1 }, query);
    await record(client, session, 'calculator', { success: n % 4 < 2, user_rating: 3 }, query);
    await record(client, session, 'exchange', { success: true, user_rating: 5 }, query);
    await client.ask('log_episode', { session_id: session, outcome: 'success', tool_sequence: ['find', 'exchange'] });
    await client.ask('log_episode', {
      session_id: `${session} b`,
      outcome: n % 3 === 0 ? 'success' : 'failure',
      tool_sequence: ['find', 'bank'],
    });
  }
}

/** What the server answers to those who ask next: the tool ranked first, what greed would choose, and what follows. */
async function advice(client: StdioClient) {
  const first = [];
  for (const query of QUERIES) {
    const { recommendations } = await client.ask('recommend_tools', { query, available_tools: TOOLS });
    first.push(recommendations[0]?.tool_name);
  }
  const drawn = await client.ask('select_tool', { query: QUERY, available_tools: TOOLS, policy: 'greedy' });
  const next = await client.ask('next_tool_by_sequence', { recent_tools: ['find'] });
  return { first, greedy: drawn.tool_name, next: next.recommendations.map(({ tool_name }) => tool_name) };
}

async function spamCalls(client: StdioClient): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < SPAMMED_CALLS; n++) {
    const query = n % 3 === 0 ? `convert the ${['bill', 'receipt', 'fee'][(n / 3) % 3]} to euro now, ${n}` : QUERIES[n % 2];
    ids.push(await record(client, SPAM, 'bank', { success: true, user_rating: 5 }, query));
    ids.push(await record(client, SPAM, 'exchange', { success: false, user_rating: 1 }, query));
  }
  return ids;
}

async function spamRatings(client: StdioClient): Promise<void> {
  const bad = await record(client, SPAM, 'exchange', { success: true });
  const good = await record(client, SPAM, 'bank', { success: true });
  for (let n = 0; n < SPAMMED_RATINGS; n++) {
    const [execution_id, rating] = n % 2 === 0 ? [bad, n % 4 === 0 ? 1 : 2] : [good, n % 4 === 1 ? 5 : 4];
    await client.ask('submit_feedback', { execution_id, rating });
  }
}

async function spamEpisodes(client: StdioClient): Promise<void> {
  for (let n = 0; n < SPAMMED_EPISODES; n++) {
    const tool_sequence = Array(20)
      .fill(n % 2 === 0 ? ['find', 'bank'] : ['find', 'exchange'])
      .flat();
    const outcome = n % 2 === 0 ? 'success' : 'failure';
    await client.ask('log_episode', { session_id: SPAM, outcome, tool_sequence, episode_reward: n % 2 === 0 ? 1e6 - n : n - 1e6 });
  }
}

// Below the first place an order that hangs by little can still move with the learner's seed: 2 of 8 seeds showed it.
test.each(['learned', 'backoff'])(
  'F28 %s: thousands of calls, ratings and episodes of one session leave the best as many found it',
  async (ranker) => {
    const client = await start({ args: ['--ranker', ranker] });
    await honestWork(client);
    const before = await advice(client);
    expect(before).toEqual({ first: ['exchange', 'exchange'], greedy: 'exchange', next: ['exchange', 'bank'] });
    await spamCalls(client);
    expect(await advice(client)).toEqual(before);
    await spamRatings(client);
    expect(await advice(client)).toEqual(before);
    await spamEpisodes(client);
    expect(await advice(client)).toEqual(before);
    const { recommendations } = await client.ask('recommend_tools', { query: QUERY, available_tools: TOOLS });
    expect(recommendations[0]).toMatchObject({ tool_name: 'exchange', support: SESSIONS + SPAMMED_CALLS + 1, sessions: SESSIONS + 1 });
  },
);
