import { describe, expect, it } from 'vitest';
import { contentOf } from '../helpers/database-file.ts';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';
import { temporaryDatabase } from '../helpers/temporary.ts';

const QUERY = 'what is the balance of entity 777';
const TOOLS = ['search', 'ledger', 'mail'];

const start = useServers();

/** Eight sessions of three steps, with failures, ratings, late ratings, times and episodes: 24 executions, so replay runs too. */
async function recordEightSessions(client: StdioClient): Promise<void> {
  for (let session = 0; session < 8; session += 1) {
    const session_id = `s${session}`;
    for (const [step, tool_name] of TOOLS.entries()) {
      const call = {
        session_id,
        tool_name,
        query: `${QUERY}${session % 2}`,
        execution_id: `${session_id}-${step}`,
        available_tools: TOOLS,
      };
      const success = (session + step) % 4 !== 0;
      await client.ask('record_execution', { ...call, success, execution_time_ms: 50 + 25 * session, arguments: { entity: session } });
    }
    await client.ask('submit_feedback', { execution_id: `${session_id}-1`, rating: 1 + (session % 5) });
    await client.ask('log_episode', { session_id, outcome: session % 3 === 0 ? 'partial' : 'success' });
  }
}

/** Everything that was learned, as the tools tell it. */
async function knowledge(client: StdioClient): Promise<unknown> {
  return {
    metrics: await client.ask('get_tool_metrics'),
    policy: await client.ask('get_policy', { limit: 500 }),
    stats: await client.ask('get_learning_stats'),
    next: await client.ask('next_tool_by_sequence', { recent_tools: ['search'] }),
    parameters: await client.ask('suggest_parameters', { tool_name: 'ledger', query: QUERY }),
    history: await client.ask('get_history', { kind: 'executions', limit: 500 }),
  };
}

async function advice(client: StdioClient): Promise<unknown> {
  const { recommendations } = await client.ask('recommend_tools', { query: `${QUERY}1`, available_tools: TOOLS, explain: true });
  return recommendations;
}

describe('one database, many processes', () => {
  it('a restart loses nothing', async () => {
    const first = await start();
    await recordEightSessions(first);
    await first.ask('select_tool', { query: QUERY, available_tools: TOOLS });
    const ranked = await advice(first);
    const known = await knowledge(first);
    expect(await first.end()).toMatchObject({ code: 0 });
    const second = await start({ db: first.db });
    expect(await knowledge(second)).toEqual(known);
    expect(await advice(second)).toEqual(ranked);
  });

  it('two processes on one file see each other at the next call', async () => {
    const one = await start();
    const other = await start({ db: one.db });
    await one.ask('record_execution', { session_id: 'a', tool_name: 'search', success: true, query: QUERY });
    await other.ask('record_execution', { session_id: 'b', tool_name: 'ledger', success: true, query: QUERY });
    for (const client of [one, other]) expect(await client.ask('get_learning_stats')).toMatchObject({ update_count: 2 });
    expect(await advice(one)).toEqual(await advice(other));
    for (const n of [1, 2, 3])
      await other.ask('record_execution', { session_id: `c${n}`, tool_name: 'search', success: false, query: `${QUERY}1` });
    const seen = (await advice(one)) as readonly { tool_name: string; support: number }[];
    expect(seen.at(-1)).toMatchObject({ tool_name: 'search', support: 4 });
    for (const session_id of ['d', 'e'])
      await other.ask('log_episode', { session_id, outcome: 'success', tool_sequence: ['search', 'mail'] });
    expect(await one.ask('next_tool_by_sequence', { recent_tools: ['search'] })).toMatchObject({
      recommendations: [{ tool_name: 'mail' }],
    });
    expect(await one.ask('record_execution', { session_id: 'a', tool_name: 'mail', success: true, execution_id: 'shared' })).toMatchObject({
      duplicate: false,
    });
    expect(
      await other.ask('record_execution', { session_id: 'a', tool_name: 'mail', success: true, execution_id: 'shared' }),
    ).toMatchObject({ duplicate: true });
  });

  it('six processes that open a new file at the same moment all come up and all record', async () => {
    const db = temporaryDatabase();
    const clients = await Promise.all([1, 2, 3, 4, 5, 6].map(() => start({ db })));
    const call = { tool_name: 'search', success: true, query: QUERY };
    await Promise.all(clients.map((client, n) => client.ask('record_execution', { ...call, session_id: `p${n}` })));
    for (const client of clients) expect(await client.ask('get_tool_metrics')).toMatchObject({ tools: [{ total_calls: 6 }] });
  });

  it('the same seed and the same calls give the same values and the same draws', async () => {
    const runs = await Promise.all([7, 7, 8].map((seed) => runWithSeed(seed)));
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]?.draws).not.toEqual(runs[0]?.draws);
  });

  it('read-only: it advises, writes nothing and offers nothing that writes', async () => {
    const writer = await start();
    await recordEightSessions(writer);
    const ranked = await advice(writer);
    await writer.end();
    const content = contentOf(writer.db);
    const reader = await start({ db: writer.db, args: ['--read-only', '--toolsets', 'agent,insight,admin'] });
    const { tools } = (await reader.result('tools/list')) as { tools: readonly { name: string; annotations: { readOnlyHint: boolean } }[] };
    expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['recommend_tools', 'next_tool_by_sequence', 'suggest_parameters', 'get_policy']),
    );
    expect(await advice(reader)).toEqual(ranked);
    await knowledge(reader);
    for (const name of ['record_execution', 'submit_feedback', 'log_episode', 'register_tools', 'train', 'reset_exploration', 'forget']) {
      const { error } = await reader.request('tools/call', { name, arguments: { session_id: 'x', tool_name: 'search', success: true } });
      expect(error, name).toMatchObject({ code: -32602, message: expect.stringContaining(name) });
    }
    expect(contentOf(writer.db)).toBe(content);
  });
});

async function runWithSeed(seed: number): Promise<{ readonly policies: unknown; readonly draws: unknown }> {
  const client = await start({ args: ['--seed', String(seed), '--exploration-rate', '1'] });
  await recordEightSessions(client);
  const draws = [];
  for (let draw = 0; draw < 20; draw += 1) {
    const { recommendation_id: _, ...selection } = await client.ask('select_tool', {
      query: QUERY,
      available_tools: TOOLS,
      policy: 'softmax',
    });
    draws.push(selection);
  }
  const { policies } = await client.ask('get_policy', { limit: 500 });
  return { policies: policies.map(({ last_updated: _, ...row }) => row), draws };
}
