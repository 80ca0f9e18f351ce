import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';

interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
}

const AGENT = [
  'register_tools',
  'recommend_tools',
  'select_tool',
  'record_execution',
  'submit_feedback',
  'log_episode',
  'next_tool_by_sequence',
  'suggest_parameters',
];
const INSIGHT = ['get_tool_metrics', 'get_policy', 'get_history', 'get_learning_stats', 'evaluate_policy'];
const ADMIN = ['train', 'reset_exploration', 'forget'];

const start = useServers();

async function listTools(client: StdioClient): Promise<readonly Tool[]> {
  return ((await client.result('tools/list')) as { tools: readonly Tool[] }).tools;
}

async function namesWith(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  return (await listTools(await start({ args, env }))).map(({ name }) => name).sort();
}

describe('what a client is offered', () => {
  it('is chosen by toolset, by flag or by variable', async () => {
    expect(await namesWith([])).toEqual([...AGENT, ...INSIGHT].sort());
    expect(await namesWith(['--toolsets', 'agent'])).toEqual([...AGENT].sort());
    expect(await namesWith([], { TOOLWISE_TOOLSETS: 'agent,insight,admin' })).toEqual([...AGENT, ...INSIGHT, ...ADMIN].sort());
    expect(await namesWith(['--toolsets', 'admin'], { TOOLWISE_TOOLSETS: 'agent' })).toEqual([...ADMIN].sort());
  });

  it('keeps its order, so that prompt caches hold', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(await listTools(one)).toEqual(await listTools(two));
  });

  it('is described in flat JSON Schema 2020-12 that compiles strictly', async () => {
    const tools = await listTools(await start({ args: ['--toolsets', 'agent,insight,admin'] }));
    const strict = new Ajv2020({ strict: true, strictRequired: false });
    const answers = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }); // numbers may be null there
    for (const { name, inputSchema, outputSchema } of tools) {
      expect(() => strict.compile(inputSchema), name).not.toThrow();
      expect(() => answers.compile(outputSchema), name).not.toThrow();
      for (const schema of [inputSchema, outputSchema]) {
        expect(Object.keys(schema), name).not.toContain('$schema');
        expect(JSON.stringify(schema), name).not.toMatch(/"\$ref"|"prefixItems"|"propertyNames"/);
      }
      expect(inputSchema, name).toMatchObject({ type: 'object', properties: expect.any(Object), additionalProperties: false });
    }
  });

  it('is titled and annotated, and costs no more than 180 visible tokens a tool on average', async () => {
    const tools = await listTools(await start({ args: ['--toolsets', 'agent,insight,admin'] }));
    for (const { name, title, description, annotations } of tools) {
      expect(title, name).toMatch(/\S/);
      expect(description.length, name).toBeLessThanOrEqual(2_000);
      expect(Object.keys(annotations).sort(), name).toEqual(
        expect.arrayContaining(['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint']),
      );
    }
    const visible = tools.map(({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }).length / 4);
    expect(visible.reduce((sum, tokens) => sum + tokens, 0) / tools.length).toBeLessThanOrEqual(180);
  });

  it('answers a tool or a method it does not have with a JSON-RPC error that names it', async () => {
    const client = await start();
    for (const name of ['no_such_tool', '__proto__', 'constructor', 'train']) {
      const { error } = await client.request('tools/call', { name, arguments: {} });
      expect(error, name).toMatchObject({ code: -32602, message: expect.stringContaining(name) });
    }
    expect(await client.request('no/such/method')).toMatchObject({ error: { code: -32601 } });
    expect(await client.result('ping')).toEqual({});
  });

  it('each answer carries one short text line beside its structured content', async () => {
    const client = await start();
    const calls: readonly (readonly [string, object])[] = [
      ['record_execution', { session_id: 'a', tool_name: 'search', success: true, query: 'find it' }],
      ['recommend_tools', { query: 'find it' }],
      ['get_tool_metrics', {}],
      ['get_learning_stats', {}],
    ];
    for (const [name, args] of calls) {
      const { content } = await client.call(name, args);
      expect(content, name).toHaveLength(1);
      expect(content[0]?.text.length, name).toBeLessThanOrEqual(400);
      expect(content[0]?.text, name).not.toContain('\n');
    }
  });
});
