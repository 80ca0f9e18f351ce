import { describe, expect, it } from 'vitest';
import { ANSWER_FIELDS, type Answers } from '../helpers/answers.ts';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';

const QUERY = 'what is the balance of entity 777';
const ALL_TOOLSETS = ['--toolsets', 'agent,insight,admin'];

const start = useServers();

async function ask<Name extends keyof Answers>(client: StdioClient, name: Name, args: object = {}): Promise<Answers[Name]> {
  const answer = await client.ask(name, args);
  expectFields(answer, ANSWER_FIELDS[name], name);
  return answer;
}

function expectFields(value: unknown, names: readonly string[], what: string): void {
  expect(Object.keys(value as object), what).toEqual(expect.arrayContaining([...names]));
}

/** Two sessions that ask for the balance: look_up, then read_balance. */
async function recordTwoSessions(client: StdioClient): Promise<void> {
  for (const session_id of ['past-1', 'past-2']) {
    const common = { session_id, query: QUERY, success: true, user_rating: 5 };
    await client.ask('record_execution', {
      ...common,
      tool_name: 'look_up',
      execution_time_ms: 100,
      arguments: { entity: '777', limit: 10 },
    });
    await client.ask('record_execution', { ...common, tool_name: 'read_balance', execution_time_ms: 100 });
    await client.ask('log_episode', { session_id, outcome: 'success' });
  }
}

describe('the contract, over stdio', () => {
  it('greets with its name, version, capabilities and short instructions', async () => {
    const { greeting } = await start();
    expect(greeting).toMatchObject({ protocolVersion: '2025-11-25', serverInfo: { name: 'toolwise', version: expect.any(String) } });
    expectFields(greeting['capabilities'], ['tools', 'resources', 'prompts', 'completions'], 'capabilities');
    const instructions = String(greeting['instructions']);
    expect(instructions.length).toBeLessThanOrEqual(1_500);
    const workflow = ['recommend_tools', 'record_execution', 'log_episode'].map((name) => instructions.indexOf(name));
    expect(workflow).toEqual([...workflow].sort((a, b) => a - b));
    expect(workflow[0]).toBeGreaterThanOrEqual(0);
  });

  it('registers tools and offers them before anything was recorded', async () => {
    const client = await start();
    const tools = [
      { name: 'look_up', description: 'Finds an entity' },
      { name: 'read_balance', input_schema: { type: 'object' } },
      { name: 'mcp__fs__read' },
    ];
    expect(await ask(client, 'register_tools', { tools })).toMatchObject({ registered: 3, total: 3 });
    expect(await ask(client, 'register_tools', { tools })).toMatchObject({ registered: 0, total: 3 });
    const { recommendations } = await ask(client, 'recommend_tools', { query: QUERY });
    expect(recommendations.map(({ tool_name }) => tool_name).sort()).toEqual(['look_up', 'mcp__fs__read', 'read_balance']);
  });

  it('explains each recommendation with parts that sum to its score', async () => {
    const client = await start();
    await recordTwoSessions(client);
    const { recommendations } = await ask(client, 'recommend_tools', { query: QUERY, explain: true, top_k: 2 });
    expect(recommendations.map(({ rank }) => rank)).toEqual([1, 2]);
    for (const entry of recommendations) {
      expectFields(
        entry,
        ['rank', 'tool_name', 'score', 'confidence', 'reason', 'q_value', 'support', 'success_rate', 'avg_rating', 'avg_execution_time_ms'],
        'entry',
      );
      expect(Object.values(entry.parts ?? {}).reduce((sum, part) => sum + part, 0)).toBeCloseTo(entry.score, 9);
      expect(entry.confidence).toBeGreaterThan(0);
      expect(entry.confidence).toBeLessThanOrEqual(1);
      expect(entry).toMatchObject({ support: 2, success_rate: 1, avg_rating: 5, avg_execution_time_ms: 100 });
    }
    const plain = await ask(client, 'recommend_tools', { query: QUERY, top_k: 2 });
    expect(plain.recommendations.every((entry) => entry.parts === undefined)).toBe(true);
  });

  it('selects by every policy with a known propensity', async () => {
    const client = await start();
    await recordTwoSessions(client);
    const available_tools = ['look_up', 'read_balance', 'never_tried'];
    for (const policy of ['optimistic', 'ucb', 'epsilon_greedy', 'thompson', 'softmax', 'greedy']) {
      const selection = await ask(client, 'select_tool', { query: QUERY, available_tools, policy });
      expect(available_tools).toContain(selection.tool_name);
      expect(selection.policy).toBe(policy);
      expect(selection.propensity, policy).toBeGreaterThan(0);
      expect(selection.propensity, policy).toBeLessThanOrEqual(1);
      expect(selection.exploration_rate, policy).toBeGreaterThanOrEqual(0.01);
    }
    expect(await ask(client, 'select_tool', { query: QUERY, available_tools })).toMatchObject({ policy: 'optimistic' });
  });

  it('records an execution: the reward in parts, the value, and whether advice was followed', async () => {
    const client = await start();
    const available_tools = ['look_up', 'read_balance'];
    const advice = await client.ask('recommend_tools', { query: QUERY, session_id: 's', available_tools });
    const best = advice.recommendations[0]?.tool_name;
    const call = {
      session_id: 's',
      tool_name: best,
      success: true,
      execution_time_ms: 1_000,
      user_rating: 5,
      query: QUERY,
      available_tools,
    };
    const record = await ask(client, 'record_execution', { ...call, recommendation_id: advice.recommendation_id });
    expect(record.reward).toBeCloseTo(10 + 4 - 0.1, 9);
    expect(Object.values(record.reward_components).reduce((sum, part) => sum + part, 0)).toBeCloseTo(record.reward, 9);
    expect(record).toMatchObject({ duplicate: false, visit_count: 1, context_hash: advice.context_hash });
    expect(record.q_value).toBeCloseTo(record.td_error * 0.3, 9);
    expect(record.recommendation).toEqual({ recommendation_id: advice.recommendation_id, rank: 1, followed: true });
    const organic = await ask(client, 'record_execution', { ...call, session_id: 'other', is_terminal: true });
    expect(organic).toMatchObject({ recommendation: null, next_context_hash: null });
  });

  it('revises reward and value when a rating comes later', async () => {
    const client = await start();
    const { execution_id, reward } = await client.ask('record_execution', {
      session_id: 's',
      tool_name: 'look_up',
      success: true,
      query: QUERY,
    });
    const feedback = await ask(client, 'submit_feedback', { execution_id, rating: 1, feedback: 'wrong entity' });
    expect(feedback).toMatchObject({ execution_id, rating: 1, reward_before: reward });
    expect(feedback.reward_after).toBeCloseTo(reward - 4, 9);
    expect(feedback.q_value_after).toBeLessThan(feedback.q_value_before);
  });

  it('learns which tool follows, and parameters that worked', async () => {
    const client = await start();
    await recordTwoSessions(client);
    const { recommendations } = await ask(client, 'next_tool_by_sequence', { recent_tools: ['look_up'] });
    expect(recommendations[0]).toMatchObject({ rank: 1, tool_name: 'read_balance', support: 2, success_rate: 1 });
    expectFields(
      recommendations[0],
      ['rank', 'tool_name', 'sequence_score', 'probability', 'support', 'success_rate', 'avg_reward', 'reason'],
      'next',
    );
    const advice = await ask(client, 'suggest_parameters', { tool_name: 'look_up', query: QUERY, partial_args: { entity: '12' } });
    expect(advice).toMatchObject({ suggested_params: { entity: '12', limit: 10 }, sample_size: 2 });
    expectFields(
      advice.parameters.find(({ name }) => name === 'limit'),
      ['name', 'value', 'support', 'share'],
      'parameter',
    );
  });

  it('shows what it knows: metrics, policy, history and statistics', async () => {
    const client = await start();
    await recordTwoSessions(client);
    await client.ask('record_execution', { session_id: 'now', tool_name: 'look_up', success: false, query: QUERY });
    const { tools } = await ask(client, 'get_tool_metrics', { tool_name: 'look_up' });
    expect(tools).toMatchObject([
      { tool_name: 'look_up', total_calls: 3, success_count: 2, failure_count: 1, avg_execution_time_ms: 100, avg_user_rating: 5 },
    ]);
    expectFields(tools[0], ['success_rate', 'success_interval', 'last_used_at'], 'metrics');
    const { policies } = await ask(client, 'get_policy', { tool_name: 'read_balance' });
    expectFields(policies[0], ['tool_name', 'context_hash', 'q_value', 'visit_count', 'confidence', 'last_updated'], 'policy');
    const counts = await Promise.all(
      ['executions', 'episodes', 'successful_sequences'].map((kind) => ask(client, 'get_history', { kind })),
    );
    expect(counts.map(({ items }) => items.length)).toEqual([5, 2, expect.any(Number)]);
    expect(counts[2]?.items.length).toBeGreaterThan(0);
    const stats = await ask(client, 'get_learning_stats', { window: 3 });
    expect(stats.update_count).toBe(5);
    expectFields(
      stats.metrics,
      ['reward', 'td_error', 'batch_avg_td_error', 'episode_reward', 'episode_length', 'exploration_rate'],
      'metrics',
    );
    expectFields(stats.metrics['reward'], ['count', 'mean', 'std', 'min', 'max', 'latest'], 'summary');
    expect(stats.metrics['reward']).toMatchObject({ count: 3, latest: -5 });
    expectFields(stats.recommendations, ['made', 'followed', 'success_when_followed', 'success_otherwise'], 'recommendations');
  });

  it('trains on what it remembers, with progress, and starts exploring anew', async () => {
    const client = await start({ args: ALL_TOOLSETS });
    await recordTwoSessions(client);
    const call = { name: 'train', arguments: { batches: 3, batch_size: 2 }, _meta: { progressToken: 'p' } };
    const { structuredContent } = await client.result('tools/call', call);
    expect(structuredContent).toMatchObject({ batches: 3, transitions: 6, avg_td_error: expect.any(Number) });
    const progress = client.lines.map((line) => JSON.parse(line)).filter(({ method }) => method === 'notifications/progress');
    expect(progress.at(-1)?.params).toMatchObject({ progressToken: 'p', progress: 3, total: 3 });
    for (let draw = 0; draw < 5; draw += 1) await client.ask('select_tool', { query: QUERY, available_tools: ['look_up'] });
    expect(await ask(client, 'reset_exploration')).toEqual({ exploration_rate: 0.1 });
  });

  it('forgets a session as if it had never been recorded, with progress', async () => {
    const [client, other] = [await start({ args: ALL_TOOLSETS }), await start({ args: ALL_TOOLSETS })];
    for (const each of [client, other]) await recordTwoSessions(each);
    await client.ask('record_execution', { session_id: 'mistake', tool_name: 'look_up', success: false, query: QUERY, user_rating: 1 });
    await client.ask('log_episode', { session_id: 'mistake', outcome: 'failure' });
    const call = { name: 'forget', arguments: { session_id: 'mistake' }, _meta: { progressToken: 'f' } };
    const { structuredContent } = await client.result('tools/call', call);
    expectFields(structuredContent, ['session_id', 'executions', 'episodes', 'feedback', 'recommendations', 'requests'], 'forget');
    expect(structuredContent).toMatchObject({ session_id: 'mistake', executions: 1, episodes: 1 });
    expect(client.lines.some((line) => JSON.parse(line).params?.progressToken === 'f')).toBe(true);
    const values = async (of: typeof client) =>
      (await of.ask('get_policy', { limit: 500 })).policies.map(({ last_updated: _, ...row }) => row);
    expect(await values(client)).toEqual(await values(other));
    const { isError, content } = await client.call('forget', { session_id: 'mistake' });
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain('unknown');
  });
});
