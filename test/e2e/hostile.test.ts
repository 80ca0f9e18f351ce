import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommitWatch, contentOf } from '../helpers/database-file.ts';
import { type HostileCall, hostileCalls } from '../helpers/hostile-arguments.ts';
import { type CallResult, type StdioClient, useServers } from '../helpers/stdio-client.ts';
import { type Message, validatorFor } from '../helpers/wire-schema.ts';

const SEED = 20_261_124;

/** What a clear error never shows: stack frames, files of the server, the engine's own words. */
const LEAK = /\n\s+at |SQLITE_|node_modules|\.[jt]s:\d|ZodError|undefined is not|Cannot read prop|\[object /;

const NAMES = ['search', 'ledger'];

/** A valid value for every argument of every tool. */
const ACCEPTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  register_tools: { tools: [{ name: 'search', description: 'Finds things', input_schema: { type: 'object' } }] },
  recommend_tools: {
    query: 'find it',
    session_id: 's',
    previous_tool: 'search',
    recent_tools: NAMES,
    session_length: 2,
    available_tools: NAMES,
    top_k: 3,
    explain: true,
  },
  select_tool: { available_tools: NAMES, query: 'find it', session_id: 's', previous_tool: 'search', session_length: 2, policy: 'ucb' },
  record_execution: {
    session_id: 's',
    tool_name: 'search',
    success: true,
    execution_time_ms: 12,
    query: 'find it',
    arguments: { a: 1 },
    result: 'found',
    error_message: 'none',
    user_rating: 4,
    available_tools: NAMES,
    is_terminal: false,
    recommendation_id: 'unknown',
    execution_id: 'known',
  },
  submit_feedback: { execution_id: 'known', rating: 4, feedback: 'good' },
  log_episode: { session_id: 's', outcome: 'success', tool_sequence: NAMES, episode_reward: 5 },
  next_tool_by_sequence: { recent_tools: NAMES, session_id: 's', available_tools: NAMES, top_k: 3 },
  suggest_parameters: { tool_name: 'search', partial_args: { a: 1 }, query: 'find it', limit: 5 },
  get_tool_metrics: { tool_name: 'search', limit: 5, cursor: 'cursor' },
  get_policy: { tool_name: 'search', context_hash: 'a'.repeat(64), limit: 5, cursor: 'cursor' },
  get_history: { kind: 'executions', tool_name: 'search', session_id: 's', limit: 5, cursor: 'cursor' },
  get_learning_stats: { metric_name: 'reward', window: 10 },
  evaluate_policy: { max_executions: 10 },
  train: { batches: 1, batch_size: 2 },
  reset_exploration: {},
  forget: { session_id: 'never recorded' },
};

interface Tool {
  readonly name: string;
  readonly inputSchema: { readonly properties: object; readonly required?: readonly string[] };
  readonly outputSchema: object;
}

const start = useServers(afterAll);
let client: StdioClient;
let tools: readonly Tool[];
let watch: CommitWatch;

beforeAll(async () => {
  client = await start({ args: ['--toolsets', 'agent,insight,admin'] });
  tools = ((await client.result('tools/list')) as { tools: readonly Tool[] }).tools;
  await client.ask('record_execution', { session_id: 's', tool_name: 'search', success: true, execution_id: 'known', query: 'find it' });
  watch = new CommitWatch(client.db);
});

afterAll(() => watch.close());

function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`tools/list has no ${name}`);
  return tool;
}

/** The text of an error, whichever way it came; null for a success. */
function errorText(reply: Message): string | null {
  if (reply.error !== undefined) return reply.error.message;
  const result = reply.result as unknown as CallResult;
  return result.isError === true ? (result.content[0]?.text ?? '') : null;
}

function expectClearError(text: string, call: HostileCall, tool: Tool, invalid: boolean): void {
  expect(text).not.toMatch(LEAK);
  expect(text.length).toBeLessThanOrEqual(1_500);
  const names = invalid ? call.touched : [...call.touched, ...Object.keys(tool.inputSchema.properties)];
  const visible = names.map((name) => name.slice(0, 20).replaceAll(/[^\x20-\x7e].*/g, ''));
  expect(
    visible.some((name) => text.includes(name)),
    `${text}\nnames none of ${visible.join(', ')}`,
  ).toBe(true);
}

async function expectErrorOrSuccess(name: string, call: HostileCall): Promise<void> {
  const tool = toolNamed(name);
  const invalid = !validatorFor(tool.inputSchema)(JSON.parse(call.text));
  const before = watch.version();
  const reply = await client.requestText('tools/call', `{"name":"${name}","arguments":${call.text}}`);
  const text = errorText(reply);
  if (text === null) {
    expect(invalid, `${name} accepted ${call.text.slice(0, 300)}`).toBe(false);
    expect(validatorFor(tool.outputSchema)(reply.result?.['structuredContent'])).toBe(true);
  } else {
    expectClearError(text, call, tool, invalid);
    expect(watch.version(), 'a refused call wrote something').toBe(before);
  }
}

describe('hostile and malformed arguments', () => {
  it('are tried on every tool there is', () => {
    expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(ACCEPTED).sort());
    for (const { name, inputSchema } of tools)
      expect(Object.keys(ACCEPTED[name] ?? {}).sort(), name).toEqual(Object.keys(inputSchema.properties).sort());
  });

  it.each(Object.keys(ACCEPTED))('%s: a clear error and no write, or a valid success', async (name) => {
    const calls = hostileCalls(ACCEPTED[name] ?? {}, toolNamed(name).inputSchema.required ?? []);
    await fc.assert(
      fc.asyncProperty(calls, (call) => expectErrorOrSuccess(name, call)),
      { seed: SEED, numRuns: 60, endOnFailure: true },
    );
  });

  it.each<[string, object, RegExp]>([
    ['record_execution', { execution_time_ms: -1 }, /execution_time_ms.*-1.*0/],
    ['record_execution', { execution_time_ms: 86_400_001 }, /execution_time_ms.*86,?400,?001.*86,?400,?000/],
    ['record_execution', { execution_time_ms: '12' }, /execution_time_ms.*12.*number/],
    ['record_execution', { user_rating: 6 }, /user_rating.*6.*5/],
    ['record_execution', { user_rating: 2.5 }, /user_rating.*2\.5.*(whole|integer)/],
    ['record_execution', { success: 'yes' }, /success.*yes.*(boolean|true)/],
    ['record_execution', { tool_name: 'two words' }, /tool_name.*two words/],
    ['record_execution', { session_id: '' }, /session_id/],
    ['record_execution', { query: 'x'.repeat(8_001) }, /query.*8,?000/],
    ['record_execution', { sesion_id: 's' }, /sesion_id.*session_id/],
    ['log_episode', { outcome: 'Success' }, /outcome.*Success.*success.*partial.*failure/],
    ['submit_feedback', { execution_id: 'unheard-of' }, /execution_id.*unheard-of|unheard-of.*execution_id/],
    ['select_tool', { available_tools: [] }, /available_tools.*1/],
    ['select_tool', { policy: 'ucb2' }, /policy.*ucb2.*ucb/],
    ['recommend_tools', { top_k: 0 }, /top_k.*0.*1/],
    ['get_history', { kind: 'all' }, /kind.*all.*executions.*episodes/],
    ['get_tool_metrics', { tool_name: '' }, /tool_name/],
    ['get_policy', { cursor: 'x' }, /cursor/],
  ])('%s %o: the error names the field, the value and the remedy', async (name, change, wanted) => {
    const { required = [] } = toolNamed(name).inputSchema;
    const base = Object.fromEntries(required.map((key) => [key, ACCEPTED[name]?.[key]]));
    const content = contentOf(client.db);
    const { isError, content: parts } = await client.call(name, { ...base, ...change });
    expect(isError).toBe(true);
    expect(parts[0]?.text.replaceAll('\n', ' ')).toMatch(wanted);
    expect(contentOf(client.db)).toBe(content);
  });

  it('nesting of 100,000 levels, and a message of the wrong shape, leave the server up and the file as it was', async () => {
    const content = contentOf(client.db);
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    await client.requestText('tools/call', `{"name":"record_execution","arguments":{"session_id":"s","tool_name":"a","success":${deep}}}`);
    for (const params of ['[]', 'null', '7']) client.writeLine(`{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":${params}}`);
    for (const params of ['{}', '{"name":7}', '{"name":""}', '{"name":null,"arguments":{}}', '{"name":["train"]}']) {
      expect((await client.requestText('tools/call', params)).error?.code, params).toBeLessThan(0);
    }
    for (const uri of [
      '',
      'toolwise://tools/%00',
      'toolwise://tools/..%2F..%2Fetc',
      'file:///etc/passwd',
      `toolwise://tools/${'x'.repeat(10_000)}`,
    ]) {
      expect((await client.request('resources/read', { uri })).error?.code, uri).toBeLessThan(0);
    }
    expect(contentOf(client.db)).toBe(content);
  });

  it('and after all of that an ordinary session works', async () => {
    const before = watch.version();
    const call = { session_id: 'ordinary', tool_name: 'ledger', success: true, query: 'the balance of entity 7' };
    expect(await client.ask('record_execution', call)).toMatchObject({ duplicate: false, reward: 10 });
    expect(await client.ask('recommend_tools', { query: call.query, available_tools: NAMES })).toMatchObject({
      recommendations: [{ rank: 1 }, { rank: 2 }],
    });
    expect(await client.ask('log_episode', { session_id: 'ordinary', outcome: 'success' })).toMatchObject({ tool_sequence: ['ledger'] });
    expect(watch.version(), 'the watch does not notice commits').not.toBe(before);
  });
});
