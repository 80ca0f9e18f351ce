import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { StorageError, UserError } from '../../src/errors.ts';
import { callTool, type ServerContext, type ToolResult } from '../../src/mcp/call-tool.ts';
import { TOOLSETS } from '../../src/mcp/define-tool.ts';
import { TOOLS } from '../../src/mcp/tools/registry.ts';
import { testEngine } from '../helpers/engine.ts';
import { keepingLogger } from './connect.ts';

const extra = { signal: new AbortController().signal };
const untouched = async (): Promise<Engine> => {
  throw new Error('the engine was asked for');
};

function contextWith(engine: () => Promise<Engine>, exposure: ServerContext['exposure'] = { toolsets: TOOLSETS, read_only: false }) {
  const { logged, log } = keepingLogger();
  return { logged, context: { engine, log, exposure } };
}

async function refusal(name: string, args: unknown): Promise<string> {
  const { context, logged } = contextWith(untouched);
  const result = await callTool(context, name, args, extra);
  expect(result.isError).toBe(true);
  expect(logged).toEqual([]);
  return textOf(result);
}

function textOf(result: ToolResult): string {
  return result.content.map((part) => part.text).join('');
}

describe('bad arguments', () => {
  it.each<[string, unknown, string]>([
    ['submit_feedback', { execution_id: 'e', rating: 9 }, 'submit_feedback: rating is 9; give at most 5'],
    ['submit_feedback', { execution_id: 'e', rating: 2.5 }, 'submit_feedback: rating is 2.5; give a whole number from 1 to 5'],
    ['submit_feedback', { execution_id: 'e' }, 'submit_feedback: rating is missing; give a whole number from 1 to 5'],
    ['submit_feedback', { execution_id: 'e', rating: null }, 'submit_feedback: rating is null; give a whole number from 1 to 5'],
    ['submit_feedback', { execution_id: 'e', rating: 3, feedback: null }, 'submit_feedback: feedback is null; give a text or leave it out'],
    ['log_episode', { session_id: 's', outcome: 'Success' }, 'log_episode: outcome is "Success"; give one of success, partial, failure'],
    [
      'register_tools',
      { tools: [{ name: 'a' }, { name: 'b c' }] },
      'register_tools: tools[1].name is "b c"; give 1 to 128 characters out of A-Z a-z 0-9 _ . / : @ -',
    ],
    [
      'register_tools',
      { tools: [{ name: 'a', desc: 'x' }] },
      'register_tools: "desc" is not a field in tools[0]; the nearest is description',
    ],
    ['recommend_tools', { querry: 'x' }, 'recommend_tools: "querry" is not a field; the nearest is query'],
    ['recommend_tools', { query: 'q'.repeat(8001) }, 'recommend_tools: query is a text of 8001 characters; give at most 8000 characters'],
    ['select_tool', { available_tools: [] }, 'select_tool: available_tools is a list of 0; give at least 1 item'],
    [
      'recommend_tools',
      JSON.parse('{"session_length":1e400}'),
      'recommend_tools: session_length is Infinity (a number beyond 1.8e308 arrives so); give a whole number from 0 to 1000000',
    ],
    [
      'record_execution',
      JSON.parse('{"session_id":"s","tool_name":"a","success":true,"execution_time_ms":-1e400}'),
      'record_execution: execution_time_ms is -Infinity (a number beyond 1.8e308 arrives so); give a number from 0 to 86400000',
    ],
    [
      'suggest_parameters',
      JSON.parse('{"tool_name":"a","partial_args":{"list":[1,1e400]}}'),
      'suggest_parameters: partial_args is an object; give finite numbers only: one in it is beyond 1.8e308 or not a number',
    ],
    ['recommend_tools', { session_id: 'a\nb' }, 'recommend_tools: session_id is "a\\u000ab"; give 1 to 128 printable ASCII characters'],
    ['reset_exploration', { now: true }, 'reset_exploration: "now" is not a field; leave it out'],
    [
      'suggest_parameters',
      { tool_name: 'a', partial_args: { text: 'x'.repeat(70_000) } },
      'suggest_parameters: partial_args is an object; give at most 64 KiB of JSON',
    ],
  ])('%s %o name field, value and remedy', async (name, args, message) => {
    expect(await refusal(name, args)).toBe(message);
  });

  it('are cut and escaped when they are shown', async () => {
    const text = await refusal('record_execution', { session_id: 's', tool_name: `\u202e${'é"'.repeat(200)}`, success: true });
    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(text).toContain('\\u202e');
    expect(text.length).toBeLessThan(300);
  });

  it('report the misspelt field before what is missing because of it, and count what is left', async () => {
    expect(await refusal('record_execution', { sesion_id: 's', tool: 'x', succes: true })).toBe(
      'record_execution: "sesion_id" is not a field; the nearest is session_id; "tool" is not a field; the nearest is tool_name; ' +
        '"succes" is not a field; the nearest is success; session_id is missing; give a text; tool_name is missing; give a text; and 1 more',
    );
  });

  it('that nest deeper than 32 levels are refused before anything walks them', async () => {
    const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as unknown;
    expect(await refusal('suggest_parameters', { tool_name: 'a', partial_args: nested(33) })).toContain(
      'suggest_parameters: partial_args is an object nested deeper than 32 levels; give a flatter value',
    );
    expect(await refusal('suggest_parameters', { tool_name: 'a', partial_args: nested(100_000) })).toContain(
      'nested deeper than 32 levels',
    );
    const engine = await testEngine();
    const { context } = contextWith(async () => engine);
    expect((await callTool(context, 'suggest_parameters', { tool_name: 'a', partial_args: nested(32) }, extra)).isError).toBeUndefined();
  });

  it('with the names of prototype properties neither crash nor reach a prototype', async () => {
    const args = JSON.parse(
      '{"session_id":"s","tool_name":"__proto__","success":true,"arguments":{"__proto__":{"polluted":1},"constructor":2}}',
    );
    const engine = await testEngine();
    const { context } = contextWith(async () => engine);
    expect((await callTool(context, 'record_execution', args, extra)).isError).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(await refusal('recommend_tools', JSON.parse('{"__proto__":{"query":"x"}}'))).toContain('"__proto__" is not a field');
  });

  it('of any kind end in a clear refusal or a success, never in a crash', async () => {
    const engine = await testEngine();
    const { context, logged } = contextWith(async () => engine);
    const fields = [...new Set([...TOOLS.values()].flatMap((tool) => Object.keys(tool.inputSchema.shape)))];
    const args = fc.dictionary(fc.constantFrom(...fields), fc.anything({ withDate: true, withNullPrototype: true }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TOOLS.keys()), args, async (name, value) => {
        const text = textOf(await callTool(context, name, value, extra));
        expect(text.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
    expect(logged).toEqual([]);
  });
});

describe('an unknown or hidden tool', () => {
  it.each<[string, string]>([
    ['record_exec', 'unknown tool "record_exec"; the nearest is record_execution'],
    ['__proto__', 'unknown tool "__proto__"; the nearest is'],
    ['constructor', 'unknown tool "constructor"; the nearest is'],
    ['', 'unknown tool ""; the nearest is'],
  ])('%j is a protocol error that names the nearest', async (name, message) => {
    const { context } = contextWith(untouched);
    await expect(callTool(context, name, {}, extra)).rejects.toMatchObject({ code: -32602, message: expect.stringContaining(message) });
  });

  it('says which flag offers it', async () => {
    const agentOnly = contextWith(untouched, { toolsets: ['agent'], read_only: false }).context;
    await expect(callTool(agentOnly, 'train', {}, extra)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('--toolsets agent,admin'),
    });
    const readOnly = contextWith(untouched, { toolsets: TOOLSETS, read_only: true }).context;
    await expect(callTool(readOnly, 'record_execution', {}, extra)).rejects.toMatchObject({
      message: expect.stringContaining('--read-only'),
    });
  });
});

describe('an error of the engine', () => {
  const failing = (error: unknown) =>
    contextWith(async () => {
      throw error;
    });

  it("that is the user's mistake is shown with inert characters and not logged", async () => {
    const { context, logged } = failing(new UserError('execution_id "a\u202eb\n" is unknown'));
    expect(await callTool(context, 'get_policy', {}, extra)).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'execution_id "a\\u{202e}b\\u{a}" is unknown' }],
    });
    expect(logged).toEqual([]);
  });

  it('of the storage is shown, and its cause goes to the log in one line', async () => {
    const cause = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const { context, logged } = failing(new StorageError('full', 'the disk is full; free some space', { cause }));
    expect(textOf(await callTool(context, 'get_policy', {}, extra))).toBe('the disk is full; free some space');
    expect(logged).toEqual(['get_policy: the disk is full; free some space (SQLITE_FULL: database or disk is full)']);
  });

  it('of any other kind shows a code only, under which the log has the whole', async () => {
    const { context, logged } = failing(new Error('SECRET /home/user/path SELECT'));
    const result = await callTool(context, 'get_policy', {}, extra);
    const [, code = '?'] = /\(error ([0-9a-f]{8}),/.exec(textOf(result)) ?? [];
    expect(result.isError).toBe(true);
    expect(textOf(result)).not.toContain('SECRET');
    expect(logged).toEqual([`get_policy: unexpected error ${code} <- Error: SECRET /home/user/path SELECT`]);
  });
});
