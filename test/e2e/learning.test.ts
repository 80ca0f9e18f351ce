import { describe, expect, it } from 'vitest';
import type { Answers } from '../helpers/answers.ts';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';

const QUERY = 'what is the balance of entity 777';
const OTHER_QUERY = 'send the monthly report by mail';

const TOOLS = ['ledger', 'search'];

const start = useServers();

async function record(client: StdioClient, tool_name: string, details: object = {}): Promise<Answers['record_execution']> {
  const call = { session_id: `session of ${tool_name}`, tool_name, success: true, query: QUERY, available_tools: TOOLS };
  return client.ask('record_execution', { ...call, ...details });
}

async function ranking(client: StdioClient, args: object = { query: QUERY }): Promise<readonly string[]> {
  const { recommendations } = await client.ask('recommend_tools', { available_tools: TOOLS, ...args });
  return recommendations.map(({ tool_name }) => tool_name);
}

describe('what is recorded changes the next answer', () => {
  it('five failures flip the ranking, and another context keeps its values', async () => {
    const client = await start();
    const other = await record(client, 'ledger', { session_id: 'other', query: OTHER_QUERY });
    for (const session_id of ['a', 'b']) await record(client, 'ledger', { session_id });
    await record(client, 'search', { session_id: 'c' });
    expect(await ranking(client)).toEqual(['ledger', 'search']);
    const untouched = await client.ask('get_policy', { context_hash: other.context_hash });
    expect(untouched.policies).toHaveLength(1);
    for (const session_id of ['d', 'e', 'f', 'g', 'h']) await record(client, 'ledger', { session_id, success: false });
    expect(await ranking(client)).toEqual(['search', 'ledger']);
    expect(await client.ask('get_policy', { context_hash: other.context_hash })).toEqual(untouched);
  });

  it('a request told in other words, about another entity, profits too', async () => {
    const client = await start();
    for (const session_id of ['a', 'b', 'c']) {
      await record(client, 'search', { session_id, success: false });
      await record(client, 'ledger', { session_id: `${session_id}2` });
    }
    expect(await ranking(client, { query: 'what is the balance of entity 12', available_tools: ['search', 'ledger'] })).toEqual([
      'ledger',
      'search',
    ]);
  });

  it('a rating of 1 lowers the value, the confidence and the rank', async () => {
    const client = await start();
    const rated = await record(client, 'ledger', { session_id: 'a' });
    await record(client, 'search', { session_id: 'b' });
    const before = await client.ask('recommend_tools', { query: QUERY, available_tools: ['ledger', 'search'] });
    expect(before.recommendations[0]?.tool_name).toBe('ledger');
    const { q_value_after } = await client.ask('submit_feedback', { execution_id: rated.execution_id, rating: 1 });
    expect(await ranking(client)).toEqual(['search', 'ledger']);
    const { policies } = await client.ask('get_policy', { tool_name: 'ledger', context_hash: rated.context_hash });
    expect(policies[0]?.q_value).toBeCloseTo(q_value_after, 9);
    expect(q_value_after).toBeLessThan(rated.q_value);
  });

  it('the same execution_id twice is one execution, with the answer of the first', async () => {
    const client = await start();
    const first = await record(client, 'ledger', { execution_id: 'mine-1', user_rating: 4 });
    const again = await record(client, 'ledger', { execution_id: 'mine-1', user_rating: 4 });
    expect(first).toMatchObject({ execution_id: 'mine-1', duplicate: false });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await client.ask('get_tool_metrics', { tool_name: 'ledger' })).toMatchObject({ tools: [{ total_calls: 1 }] });
    expect(await client.ask('get_learning_stats')).toMatchObject({ update_count: 1 });
  });

  it('an episode logged twice is one episode', async () => {
    const client = await start();
    await record(client, 'search', { session_id: 'a' });
    await record(client, 'ledger', { session_id: 'a' });
    const first = await client.ask('log_episode', { session_id: 'a', outcome: 'success' });
    const again = await client.ask('log_episode', { session_id: 'a', outcome: 'success' });
    expect(first).toMatchObject({ duplicate: false, tool_sequence: ['search', 'ledger'], outcome: 'success', ngrams_updated: 1 });
    expect(again).toEqual({ ...first, duplicate: true });
    expect((await client.ask('get_history', { kind: 'episodes' })).items).toHaveLength(1);
  });

  it('a session goes on after its episode: the next one holds only the new steps', async () => {
    const client = await start();
    for (const tool of ['search', 'ledger']) await record(client, tool, { session_id: 'a' });
    await client.ask('log_episode', { session_id: 'a', outcome: 'success' });
    await record(client, 'mail', { session_id: 'a' });
    expect(await client.ask('log_episode', { session_id: 'a', outcome: 'partial' })).toMatchObject({
      duplicate: false,
      tool_sequence: ['mail'],
    });
  });

  it('a session knows its previous tool, its recent tools and its length; explicit arguments win', async () => {
    const client = await start();
    const recorded = await record(client, 'search', { session_id: 'a' });
    const derived = await client.ask('recommend_tools', { query: QUERY, session_id: 'a' });
    const told = await client.ask('recommend_tools', { query: QUERY, previous_tool: 'search', session_length: 1 });
    const overruled = await client.ask('recommend_tools', { query: QUERY, session_id: 'a', previous_tool: 'ledger' });
    expect(derived.context_hash).toBe(told.context_hash);
    expect(derived.context_hash).toBe(recorded.next_context_hash);
    expect(overruled.context_hash).not.toBe(derived.context_hash);
    for (const session_id of ['x', 'y'])
      await client.ask('log_episode', { session_id, outcome: 'success', tool_sequence: ['search', 'ledger'] });
    const bySession = await client.ask('next_tool_by_sequence', { session_id: 'a' });
    expect(bySession.recommendations[0]?.tool_name).toBe('ledger');
    expect(bySession).toEqual(await client.ask('next_tool_by_sequence', { recent_tools: ['search'] }));
  });

  it('a sequence must have occurred in two episodes before it is advice', async () => {
    const client = await start();
    const episode = { outcome: 'success', tool_sequence: ['ping', 'ping', 'ping'] };
    await client.ask('log_episode', { session_id: 'a', ...episode });
    expect((await client.ask('next_tool_by_sequence', { recent_tools: ['ping'] })).recommendations).toEqual([]);
    await client.ask('log_episode', { session_id: 'b', ...episode });
    expect((await client.ask('next_tool_by_sequence', { recent_tools: ['ping'] })).recommendations[0]).toMatchObject({ tool_name: 'ping' });
  });

  it('names that look like keys of an object or a joined sequence stay names', async () => {
    const client = await start();
    for (const tool of ['__proto__', 'constructor', 'a:b', 'server/tool']) await record(client, tool, { session_id: 'a' });
    const { tools } = await client.ask('get_tool_metrics');
    expect(tools.map(({ tool_name, total_calls }) => [tool_name, total_calls])).toEqual(
      expect.arrayContaining([
        ['__proto__', 1],
        ['constructor', 1],
        ['a:b', 1],
        ['server/tool', 1],
      ]),
    );
    const { recommendations } = await client.ask('recommend_tools', { query: QUERY, available_tools: ['toString', '__proto__'] });
    expect(recommendations.find(({ tool_name }) => tool_name === 'toString')).toMatchObject({ support: 0 });
  });

  it('pages are complete and without repeats, and a cursor of nobody is refused', async () => {
    const client = await start();
    for (let n = 0; n < 7; n += 1) await record(client, `tool_${n}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Answers['get_tool_metrics'] = await client.ask('get_tool_metrics', { limit: 3, ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.tools.map(({ tool_name }) => tool_name));
      cursor = page.next_cursor;
    } while (cursor !== null && seen.length < 50);
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `tool_${n}`));
    const refused = await client.call('get_tool_metrics', { cursor: 'nobody' });
    expect(refused.isError).toBe(true);
    expect(refused.content[0]?.text).toContain('cursor');
  });
});
