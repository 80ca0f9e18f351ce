import { expect } from 'vitest';
import type { StdioClient } from '../../helpers/stdio-client.ts';
import { near } from './expect-record.ts';
import { orNull } from './expect-write.ts';
import { type Execution, type Model, mean } from './model.ts';
import type { Read } from './steps.ts';

export type Of<Kind extends Read['kind']> = Extract<Read, { readonly kind: Kind }>;
type Paged = 'get_tool_metrics' | 'get_policy' | 'get_history';
type Row = Readonly<Record<string, unknown>>;

/** All rows of a list, page by page: no page is longer than asked, and only the last one is shorter. */
async function allPages(client: StdioClient, name: Paged, args: object, limit: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Row = await client.ask(name, { ...args, limit, ...(cursor === null ? {} : { cursor }) });
    const items = (page['tools'] ?? page['policies'] ?? page['items']) as readonly Row[];
    cursor = page['next_cursor'] as string | null;
    if (cursor === null) expect(items.length).toBeLessThanOrEqual(limit);
    else expect(items, 'a page with another after it').toHaveLength(limit);
    rows.push(...items);
  } while (cursor !== null);
  return rows;
}

export async function checkMetrics(client: StdioClient, model: Model, { limit }: Of<'metrics'>): Promise<void> {
  const rows = await allPages(client, 'get_tool_metrics', {}, limit);
  expect(rows.map((row) => row['tool_name']).toSorted()).toEqual(model.known().toSorted());
  const counts = rows.map((row) => Number(row['total_calls']));
  expect(counts, 'most used first').toEqual(counts.toSorted((a, b) => b - a));
  for (const row of rows) {
    const tool = String(row['tool_name']);
    const { calls, successes, times } = model.totals(tool);
    expect(row).toMatchObject({
      total_calls: calls,
      success_count: successes,
      failure_count: calls - successes,
      success_rate: calls === 0 ? null : near(successes / calls),
      avg_execution_time_ms: orNull(mean(times)),
      avg_user_rating: orNull(mean(model.ratingsOf(tool))),
      last_used_at: calls === 0 ? null : expect.any(String),
    });
  }
}

export async function checkPolicy(client: StdioClient, model: Model, { limit }: Of<'policy'>): Promise<void> {
  const rows = await allPages(client, 'get_policy', {}, limit);
  const keyOf = (hash: unknown, tool: unknown) => `${String(hash)} ${String(tool)}`;
  const told = new Map(rows.map((row) => [keyOf(row['context_hash'], row['tool_name']), row]));
  expect(told.size, 'a value is shown twice').toBe(rows.length);
  const values = rows.map((row) => Number(row['q_value']));
  expect(values, 'greatest value first').toEqual(values.toSorted((a, b) => b - a));
  expect(rows).toHaveLength(model.values.all().length);
  for (const [context, tool, cell] of model.values.all()) {
    const row = told.get(keyOf(model.hashOf(context), tool));
    expect(row, `${tool} in ${context}`).toMatchObject({ visit_count: cell.visits, q_value: near(cell.q) });
    model.values.told(context, tool, Number(row?.['q_value']));
  }
}

export async function checkExecutions(
  client: StdioClient,
  model: Model,
  { limit, tool_name, session_id }: Of<'executions'>,
): Promise<void> {
  const filter = { ...(tool_name === undefined ? {} : { tool_name }), ...(session_id === undefined ? {} : { session_id }) };
  const rows = await allPages(client, 'get_history', { kind: 'executions', ...filter }, limit);
  const fits = (call: Execution) => (tool_name ?? call.tool) === call.tool && (session_id ?? call.session) === call.session;
  const wanted = model.executions.filter(fits).toReversed();
  expect(rows.map((row) => row['execution_id'])).toEqual(wanted.map(({ execution_id }) => execution_id));
  for (const [at, call] of wanted.entries()) expect(rows[at]).toMatchObject(executionRow(model, call));
}

function executionRow(model: Model, call: Execution): object {
  return {
    session_id: call.session,
    tool_name: call.tool,
    success: call.success,
    execution_time_ms: call.time_ms,
    user_rating: call.rating,
    reward: near(call.reward),
    td_error: near(call.td_error),
    q_value: near(call.q_value),
    context_hash: model.hashOf(call.context),
    recommendation_id: call.advice?.recommendation_id ?? null,
    recommended_rank: call.advice?.rank ?? null,
    untrusted: {
      query: call.query,
      arguments: call.arguments === null ? null : expect.toSatisfy((text) => sameJson(text, call.arguments)),
      feedback: call.words,
    },
  };
}

function sameJson(text: unknown, value: unknown): boolean {
  return JSON.stringify(JSON.parse(String(text))) === JSON.stringify(value);
}

export async function checkEpisodes(client: StdioClient, model: Model, { limit, successful, session_id }: Of<'episodes'>): Promise<void> {
  const kind = successful ? 'successful_sequences' : 'episodes';
  const rows = await allPages(client, 'get_history', { kind, ...(session_id === undefined ? {} : { session_id }) }, limit);
  const wanted = model.episodes.filter(
    (episode) => (session_id ?? episode.session) === episode.session && (!successful || episode.outcome === 'success'),
  );
  const ids = rows.map((row) => row['episode_id']);
  if (successful) {
    const rewards = rows.map((row) => Number(row['episode_reward']));
    expect(rewards, 'best reward first').toEqual(rewards.toSorted((a, b) => b - a));
    expect(ids.toSorted()).toEqual(wanted.map(({ episode_id }) => episode_id).toSorted());
  } else expect(ids).toEqual(wanted.map(({ episode_id }) => episode_id).toReversed());
  for (const episode of wanted) {
    const row = rows.find(({ episode_id }) => episode_id === episode.episode_id);
    const { session, outcome, tools, reward } = episode;
    expect(row).toMatchObject({ session_id: session, outcome, tool_sequence: tools, episode_reward: near(reward) });
  }
}

export async function checkStats(client: StdioClient, model: Model, { window }: Of<'stats'>): Promise<void> {
  const answered = model.advice.flatMap(({ answer, recommendation_id }) => (answer === null ? [] : [{ call: answer, recommendation_id }]));
  const isFollowed = ({ call }: { readonly call: Execution }) => call.advice?.rank === 1;
  const share = (calls: readonly { readonly call: Execution }[]) => orNull(mean(calls.map(({ call }) => (call.success ? 1 : 0))));
  const stats = await client.ask('get_learning_stats', { window });
  expect(stats).toMatchObject({
    update_count: model.executions.length,
    replay: { size: model.executions.length, batches: model.batches },
    exploration: { current_rate: near(model.explorationRate()), initial_rate: 0.1, min_rate: 0.01, total_selections: model.rates.length },
    metrics: {
      reward: summary(
        model.executions.map(({ reward }) => reward),
        window,
      ),
      td_error: summary(
        model.executions.map(({ td_error }) => Math.abs(td_error)),
        window,
      ),
      batch_avg_td_error: { count: Math.min(window, model.batches) },
      episode_reward: summary(
        model.episodes.map(({ reward }) => reward),
        window,
      ),
      episode_length: summary(
        model.episodes.map(({ tools }) => tools.length),
        window,
      ),
      exploration_rate: summary(model.rates, window),
    },
    recommendations: {
      made: model.advice.length,
      followed: answered.filter(isFollowed).length,
      success_when_followed: share(answered.filter(isFollowed)),
      success_otherwise: share(answered.filter((each) => !isFollowed(each))),
    },
  });
}

/** @param values oldest first */
function summary(values: readonly number[], window: number): object {
  const latest = values.slice(-window);
  const average = mean(latest);
  const deviation = average === null ? null : Math.sqrt(mean(latest.map((value) => (value - average) ** 2)) ?? 0);
  const [min, max] = latest.length === 0 ? [null, null] : [Math.min(...latest), Math.max(...latest)];
  const shown = { mean: average, std: deviation, min, max, latest: latest.at(-1) ?? null };
  return { count: latest.length, ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, orNull(value)])) };
}
