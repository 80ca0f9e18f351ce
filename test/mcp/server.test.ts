import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { TOOLS } from '../../src/mcp/tools/registry.ts';
import { type Connected, connect } from './connect.ts';

/** One valid call of every tool, in an order in which each finds something to answer. */
const CALLS: readonly (readonly [name: string, args: Record<string, unknown>])[] = [
  ['register_tools', { tools: [{ name: 'read', description: 'Reads a file', input_schema: { type: 'object' } }, { name: 'fs/write' }] }],
  ['recommend_tools', { session_id: 's', query: 'read the report', explain: true }],
  [
    'record_execution',
    { session_id: 's', tool_name: 'read', success: true, execution_id: 'e1', execution_time_ms: 12.5, arguments: { path: 'a.txt' } },
  ],
  ['record_execution', { session_id: 's', tool_name: 'fs/write', success: false, error_message: 'denied', is_terminal: true }],
  ['submit_feedback', { execution_id: 'e1', rating: 5, feedback: 'good' }],
  ['log_episode', { session_id: 's', outcome: 'partial' }],
  ['select_tool', { query: 'read the report', available_tools: ['read', 'fs/write'] }],
  ['next_tool_by_sequence', { recent_tools: ['read'] }],
  ['suggest_parameters', { tool_name: 'read', partial_args: { encoding: 'utf8' } }],
  ['get_tool_metrics', {}],
  ['get_policy', { tool_name: 'read' }],
  ['get_history', { kind: 'executions' }],
  ['get_history', { kind: 'episodes' }],
  ['get_history', { kind: 'successful_sequences' }],
  ['get_learning_stats', {}],
  ['evaluate_policy', { max_executions: 100 }],
  ['train', { batches: 2, batch_size: 1 }],
  ['reset_exploration', {}],
  ['forget', { session_id: 's' }],
];

async function callAll({ client }: Connected) {
  await client.listTools(); // from now on the client checks every answer against its outputSchema
  const answers = [];
  for (const [name, args] of CALLS) answers.push({ name, result: await client.callTool({ name, arguments: args }) });
  return answers;
}

/** Keys of a value that its schema does not name, with their paths. */
function unnamed(value: unknown, schema: Record<string, unknown> | undefined, path: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, at) => unnamed(item, schema?.['items'] as Record<string, unknown>, `${path}[${at}]`));
  const properties = schema?.['properties'] as Record<string, Record<string, unknown>> | undefined;
  if (typeof value !== 'object' || value === null || properties === undefined) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    Object.hasOwn(properties, key) ? unnamed(child, properties[key], `${path}.${key}`) : [`${path}.${key}`],
  );
}

describe('the server', () => {
  it('introduces itself with name, title, version, capabilities and instructions', async () => {
    const { client } = await connect();
    expect(client.getServerVersion()).toEqual({ name: 'toolwise', title: 'toolwise', version: '1.2.3' });
    expect(client.getServerCapabilities()).toEqual({ tools: {}, resources: {}, prompts: {}, completions: {} });
    expect(client.getInstructions()).toContain('recommend_tools');
  });

  it('answers a call of every tool by its outputSchema, with one short line of text', async () => {
    const connected = await connect();
    const answers = await callAll(connected);
    expect(new Set(answers.map(({ name }) => name))).toEqual(new Set(TOOLS.keys()));
    for (const { name, result } of answers) {
      expect(result.isError, `${name}: ${JSON.stringify(result.content)}`).toBeUndefined();
      expect(result.structuredContent).toBeTypeOf('object');
      expect(result.content).toEqual([{ type: 'text', text: expect.stringMatching(/^[^\n]{5,400}$/) }]);
    }
    expect(connected.logged).toEqual([]);
  });

  it('names every field it answers with in the outputSchema', async () => {
    const connected = await connect();
    const { tools } = await connected.client.listTools();
    const schemas = new Map(tools.map((tool) => [tool.name, tool.outputSchema]));
    for (const { name, result } of await callAll(connected)) expect(unnamed(result.structuredContent, schemas.get(name), name)).toEqual([]);
  });

  it('tells progress of train to a client that asks for it', async () => {
    const { client } = await connect();
    for (let n = 0; n < 3; n++)
      await client.callTool({ name: 'record_execution', arguments: { session_id: 's', tool_name: 'read', success: true } });
    const told: unknown[] = [];
    await client.callTool({ name: 'train', arguments: { batches: 3, batch_size: 2 } }, undefined, {
      onprogress: (progress) => told.push(progress),
    });
    expect(told).toMatchObject([
      { progress: 1, total: 3 },
      { progress: 2, total: 3 },
      { progress: 3, total: 3 },
    ]);
  });

  it('tells progress of evaluate_policy, and ends in its verdict', async () => {
    const { client } = await connect();
    for (const tool_name of ['read', 'write', 'read'])
      await client.callTool({ name: 'record_execution', arguments: { session_id: 's', tool_name, success: true } });
    const told: unknown[] = [];
    const answer = await client.callTool({ name: 'evaluate_policy', arguments: {} }, undefined, {
      onprogress: (progress) => told.push(progress),
    });
    expect(told).toMatchObject([{ progress: 3, total: 3 }]);
    const sentence = 'Not enough data: 1 decision in 1 session to judge, and it takes 30 in 10.';
    expect(answer.content).toEqual([{ type: 'text', text: sentence }]);
    expect(answer.structuredContent).toMatchObject({ executions: 3, decisions: 1, verdict: { outcome: 'not enough data', sentence } });
  });

  it('opens the engine at the first use of it and not before', async () => {
    let opened = 0;
    const { client, engine } = await connect();
    const lazy = await connect({
      engine: async () => {
        opened += 1;
        return engine;
      },
    });
    await lazy.client.listTools();
    await lazy.client.listResources();
    await lazy.client.listPrompts();
    expect(opened).toBe(0);
    await lazy.client.callTool({ name: 'get_learning_stats', arguments: {} });
    expect(opened).toBe(1);
    expect((await client.ping()) satisfies object).toEqual({});
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['get_tool_metrics', { tool_name: 'nope' }, 'No tool named nope is known; leave tool_name out to see all.'],
    ['get_policy', { tool_name: 'nope' }, 'No value of nope has been learned yet.'],
    ['get_tool_metrics', {}, 'read: 1 call, 100 % succeeded'],
    ['get_policy', { tool_name: 'read' }, '(1 visit)'],
    ['recommend_tools', { available_tools: [] }, 'available_tools is empty: name the tools you may call'],
    ['next_tool_by_sequence', { recent_tools: ['read'] }, 'No tool has followed these often and well enough'],
    ['select_tool', { available_tools: ['nope'] }, 'nope (none is valued higher, drawn with probability 100 %'],
    ['suggest_parameters', { tool_name: 'nope' }, 'No successful call of nope is recorded; nothing to suggest.'],
    ['suggest_parameters', { tool_name: 'read', partial_args: { path: 'a' } }, '0 parameters suggested from 1 successful call, confidence'],
    ['suggest_parameters', { tool_name: 'read' }, '1 parameter suggested from 1 successful call, confidence'],
    ['get_learning_stats', {}, '1 execution learned from; 0 recommendations, 0 followed'],
  ])('%s %j: the text says what is so', async (name, args, text) => {
    const { client } = await connect();
    await client.callTool({
      name: 'record_execution',
      arguments: { session_id: 's', tool_name: 'read', success: true, arguments: { path: 'a.txt' } },
    });
    const { content } = await client.callTool({ name, arguments: args });
    expect(content).toEqual([{ type: 'text', text: expect.stringContaining(text) }]);
  });

  it('refuses arguments that are no object with field, value and remedy', async () => {
    const { client } = await connect();
    await expect(
      client.request({ method: 'tools/call', params: { name: 'get_policy', arguments: 'x' } }, ResultSchema),
    ).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('params.arguments is "x"; give an object') });
  });

  it('refuses an unknown method with -32601 and a cursor it never gave with -32602', async () => {
    const { client } = await connect();
    await expect(client.listTools({ cursor: 'x' })).rejects.toMatchObject({ code: -32602 });
    await expect(client.subscribeResource({ uri: 'toolwise://stats' }).catch((error: unknown) => error)).resolves.toBeInstanceOf(Error);
  });
});

describe('read-only mode', () => {
  it('offers the reading tools only and writes nothing when they are called', async () => {
    const { client, engine } = await connect({
      exposure: { toolsets: ['agent', 'insight', 'admin'], read_only: true },
      settings: { read_only: true },
    });
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(
      [...TOOLS.values()].filter((tool) => tool.annotations.readOnlyHint).map((tool) => tool.name),
    );
    expect(tools.map((tool) => tool.name)).toContain('recommend_tools');
    const answer = await client.callTool({ name: 'recommend_tools', arguments: { query: 'anything', available_tools: ['a', 'b'] } });
    expect(answer.isError).toBeUndefined();
    const { structuredContent } = await client.callTool({ name: 'get_learning_stats', arguments: {} });
    expect(structuredContent).toMatchObject({ recommendations: { made: 0 } });
    expect(engine.settings.read_only).toBe(true);
  });
});
