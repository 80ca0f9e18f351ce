import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../../src/capture/events.ts';
import { claudeHookEvents } from '../../../src/capture/formats/claude-hook.ts';
import { LABEL, TOOL_NAME } from '../../../src/core/names.ts';
import { payload } from './hook-fixture.ts';

const SESSION = 'claude-code/0b6a2a1e-5f5e-4c57-9b7e-3f0f6d6d7c11';
const PROMPT = '7d1b9f0c-2a7e-4c0e-8a53-0c1f1c1b2a01';
const AT = 1_795_000_000_000;

const events = (name: string, changes = {}) => claudeHookEvents(payload('claude-hook', name, changes), AT);
const call = (name: string, changes = {}): CallEvent | undefined =>
  events(name, changes).find((event): event is CallEvent => event.kind === 'call');

describe('claudeHookEvents', () => {
  it('reads a prompt with its turn', () => {
    expect(events('user-prompt-submit')).toEqual([
      { kind: 'prompt', session_id: SESSION, at_ms: AT, turn_id: PROMPT, text: 'Find the orders of last week that failed' },
    ]);
  });

  it('takes prompts without a source for the user’s', () => {
    expect(events('user-prompt-submit', { source: undefined })).toMatchObject([
      { kind: 'prompt', text: expect.stringContaining('orders') },
    ]);
  });

  it.each(['system', 'loop_wakeup', 'schedule_wakeup'])('begins a turn without words at a prompt of %s', (source) => {
    expect(events('user-prompt-submit-system', { source })).toMatchObject([{ kind: 'prompt', turn_id: PROMPT, text: null }]);
  });

  it('takes a prompt that was not delivered yet for nothing', () => {
    expect(events('user-prompt-submit-poll-event')).toEqual([]);
  });

  it('reads the start of a call', () => {
    expect(events('pre-tool-use')).toEqual([{ kind: 'start', session_id: SESSION, at_ms: AT, call_id: 'toolu_01HookFixture00000001' }]);
  });

  it('reads a call of Bash that worked', () => {
    expect(events('post-tool-use-bash')).toEqual([
      {
        kind: 'call',
        session_id: SESSION,
        at_ms: AT,
        call_id: 'toolu_01HookFixture00000001',
        turn_id: PROMPT,
        tool_name: 'Bash',
        success: true,
        was_denied: false,
        execution_time_ms: 4187,
        arguments: { command: 'npm test', description: 'Run the tests' },
        result: expect.stringContaining('24 passed'),
        error_message: null,
        group_id: null,
      },
    ]);
  });

  it('takes an interrupted command for a failure', () => {
    expect(call('post-tool-use-bash-interrupted')).toMatchObject({ success: false, was_denied: false, error_message: expect.any(String) });
  });

  it('takes `success: false` of a built-in tool for a failure, of an MCP server for data', () => {
    expect(call('post-tool-use-write', { tool_response: { success: false } })?.success).toBe(false);
    expect(call('post-tool-use-mcp-string', { tool_response: { success: false } })?.success).toBe(true);
  });

  it.each<[object, boolean]>([
    [{ exit_code: 1 }, false],
    [{ exitCode: 127, stdout: '' }, false],
    [{ returnCode: 2 }, false],
    [{ return_code: -1 }, false],
    [{ exit_code: 0 }, true],
    [{ exit_code: '1' }, true],
    [{ exit_code: 1, returnCodeInterpretation: 'No matches found' }, true],
  ])('believes the exit code of a command: %j', (tool_response, success) => {
    expect(call('post-tool-use-bash', { tool_response })?.success).toBe(success);
    expect(call('post-tool-use-mcp-string', { tool_response })?.success).toBe(true);
  });

  it.each([
    'Permission to use Bash has been denied',
    'Error: Permission to use Bash has been denied',
    'Claude requested permissions to use Bash, but you have not granted it yet',
  ])('reads from a batch the refusals that transcripts have: %s', (tool_response) => {
    const tool_calls = [{ tool_name: 'Bash', tool_use_id: 'toolu_1', tool_input: {}, tool_response }];
    expect(events('post-tool-batch', { tool_calls })).toMatchObject([{ kind: 'call', success: false, was_denied: true }]);
  });

  it.each([
    ['post-tool-use-mcp-string', '{"entities":[]}'],
    ['post-tool-use-mcp-array', 'two orders\nfound'],
  ])('reads the answer of %s', (name, result) => {
    expect(call(name)).toMatchObject({ tool_name: 'mcp__memory__search_nodes', success: true, result });
  });

  it('takes isError in an answer for a failure, and keeps the name by which the agent calls the tool', () => {
    expect(call('post-tool-use-mcp-error')).toMatchObject({
      tool_name: 'mcp__plugin_shop_orders__list',
      success: false,
      was_denied: false,
      result: null,
      error_message: 'no connection',
    });
  });

  it('makes the name of an MCP tool out of its server when only that is told', () => {
    expect(call('post-tool-use-mcp-string', { tool_name: 'search_nodes' })?.tool_name).toBe('mcp__memory__search_nodes');
  });

  it('reads a call that failed', () => {
    expect(call('post-tool-use-failure')).toMatchObject({
      success: false,
      was_denied: false,
      error_message: 'Exit code 1\n3 failed',
      execution_time_ms: 3000,
    });
  });

  it('takes a call that the user broke off for a denied one', () => {
    expect(call('post-tool-use-failure-interrupt')).toMatchObject({ success: false, was_denied: true });
  });

  it('reads a denied call', () => {
    expect(call('permission-denied')).toMatchObject({
      success: false,
      was_denied: true,
      error_message: 'Auto mode denied: command targets a path outside the project',
      execution_time_ms: null,
    });
  });

  it('reads from a batch what ran side by side, and what was refused before it ran', () => {
    const [denied, malformed, group, ...rest] = events('post-tool-batch');
    expect(denied).toMatchObject({ kind: 'call', call_id: 'toolu_01HookFixture00000011', tool_name: 'Bash', was_denied: true });
    expect(malformed).toMatchObject({
      kind: 'call',
      tool_name: 'Edit',
      was_denied: false,
      success: false,
      error_message: 'InputValidationError: file_path is missing',
    });
    expect(group).toMatchObject({ kind: 'group', call_ids: [10, 11, 12].map((id) => `toolu_01HookFixture000000${id}`) });
    expect(rest).toEqual([]);
  });

  it('reads how a turn ends', () => {
    expect(events('stop')).toEqual([{ kind: 'stop', session_id: SESSION, at_ms: AT, status: 'completed' }]);
    expect(events('stop-failure')).toEqual([{ kind: 'stop', session_id: SESSION, at_ms: AT, status: 'error' }]);
    expect(events('session-end')).toEqual([{ kind: 'end', session_id: SESSION, at_ms: AT }]);
  });

  it('gives a subagent a session of its own, which ends with it', () => {
    const session_id = `${SESSION}/a1b2c3`;
    expect(call('subagent-call')).toMatchObject({ session_id, tool_name: 'Grep', turn_id: PROMPT });
    expect(events('subagent-stop')).toMatchObject([
      { kind: 'stop', session_id },
      { kind: 'end', session_id },
    ]);
  });

  it('does not end the conversation at the end of a subagent without a name', () => {
    expect(events('subagent-stop', { agent_id: undefined })).toEqual([]);
  });

  it('takes its own tools for what they say about other calls', () => {
    expect(events('own-recommend')).toEqual([{ kind: 'advice', session_id: SESSION, at_ms: AT, recommendation_id: '0199-rec' }]);
    expect(events('own-log-episode')).toEqual([{ kind: 'judged', session_id: SESSION, at_ms: AT, outcome: 'partial' }]);
    expect(events('pre-tool-use', { tool_name: 'mcp__toolwise__recommend_tools' })).toEqual([]);
  });

  it.each(['permission-request', 'session-start-compact'])('hears nothing about calls in %s', (name) => {
    expect(events(name)).toEqual([]);
  });

  it('knows the conversation by its transcript when its id is missing', () => {
    expect(call('post-tool-use-bash', { session_id: undefined })?.session_id).toBe(SESSION);
    expect(events('post-tool-use-bash', { session_id: undefined, transcript_path: undefined })).toEqual([]);
  });

  it('reads a call of which little is told', () => {
    const told = { session_id: 's', hook_event_name: 'PostToolUse', tool_name: 'Read' };
    expect(claudeHookEvents(told, AT)).toMatchObject([{ kind: 'call', call_id: null, turn_id: null, success: true, arguments: null }]);
  });

  it('reads answers that are nested deeper than a walk through them can go', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(call('post-tool-use-bash', { tool_response: deep, tool_input: deep })).toMatchObject({ result: null, arguments: null });
  });

  it('never throws, and its events fit the contract, whatever the payload is', () => {
    const names = [
      'UserPromptSubmit',
      'PreToolUse',
      'PostToolUse',
      'PostToolUseFailure',
      'PermissionDenied',
      'PostToolBatch',
      'Stop',
      'SubagentStop',
    ];
    const fields = [
      'session_id',
      'agent_id',
      'prompt_id',
      'prompt',
      'tool_name',
      'tool_use_id',
      'tool_input',
      'tool_response',
      'error',
      'tool_calls',
    ];
    const record = fc.dictionary(fc.constantFrom(...fields, 'mcp_server', 'duration_ms', 'transcript_path', 'source'), fc.jsonValue());
    const named = fc
      .tuple(record, fc.constantFrom(...names), fc.string({ minLength: 1, unit: 'binary' }))
      .map(([told, hook_event_name, text]) => ({ session_id: text, tool_name: text, tool_use_id: text, ...told, hook_event_name }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), named), (told) => {
        for (const event of claudeHookEvents(told, AT)) {
          if (event.kind !== 'tool') expect(event.session_id).toMatch(LABEL);
          if (event.kind !== 'call') continue;
          expect(event.tool_name).toMatch(TOOL_NAME);
          expect(event.call_id ?? 'none').toMatch(LABEL);
        }
      }),
    );
  });
});
