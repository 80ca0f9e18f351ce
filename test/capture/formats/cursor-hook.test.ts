import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../../src/capture/events.ts';
import { cursorHookEvents, isCursorPayload } from '../../../src/capture/formats/cursor-hook.ts';
import { LABEL, TOOL_NAME } from '../../../src/core/names.ts';
import { payload } from './hook-fixture.ts';

const SESSION = 'cursor/5d0f3a52-70a3-4b60-9a2c-1f3f1a1f8e10';
const AT = 1_795_000_000_000;

const events = (name: string, changes = {}) => cursorHookEvents(payload('cursor-hook', name, changes), AT);
const call = (name: string, changes = {}): CallEvent | undefined =>
  events(name, changes).find((event): event is CallEvent => event.kind === 'call');

describe('cursorHookEvents', () => {
  it('reads a prompt with its turn', () => {
    expect(events('before-submit-prompt')).toEqual([
      { kind: 'prompt', session_id: SESSION, at_ms: AT, turn_id: 'gen-7', text: 'Find the orders of last week that failed' },
    ]);
  });

  it('reads a call of an MCP server, with its arguments out of a text', () => {
    expect(call('after-mcp-execution')).toMatchObject({
      session_id: SESSION,
      turn_id: 'gen-7',
      tool_name: 'mcp__memory__search_nodes',
      success: true,
      execution_time_ms: 812,
      arguments: { query: 'orders' },
      result: 'two orders',
    });
  });

  it('takes isError inside a result for a failure', () => {
    expect(call('after-mcp-execution-error')).toMatchObject({
      tool_name: 'mcp__memory__read_graph',
      success: false,
      error_message: 'no such file',
    });
  });

  it('keeps the name of an MCP tool whose server is not told', () => {
    expect(call('post-tool-use-mcp')?.tool_name).toBe('MCP:search_nodes');
    expect(call('post-tool-use-mcp', { tool_name: 'MCP:memory:search_nodes' })?.tool_name).toBe('mcp__memory__search_nodes');
  });

  it.each([
    ['after-mcp-execution', 'post-tool-use-mcp'],
    ['after-shell-execution', 'post-tool-use-shell'],
    ['after-file-edit', 'post-tool-use-write'],
  ])('gives the call of %s and %s one id, and that of another turn another', (special, general) => {
    expect(call(general)?.call_id).toBe(call(special)?.call_id);
    expect(call(general, { generation_id: 'gen-8' })?.call_id).not.toBe(call(special)?.call_id);
  });

  it('gives another call another id', () => {
    const other = call('after-shell-execution', { command: 'npm run lint' });
    expect(other?.call_id).not.toBe(call('after-shell-execution')?.call_id);
  });

  it('reads commands, and a failure where the exit code is told', () => {
    expect(call('after-shell-execution')).toMatchObject({ tool_name: 'Shell', success: true, arguments: { command: 'npm test' } });
    expect(call('post-tool-use-shell-failed')).toMatchObject({ tool_name: 'Shell', success: false, execution_time_ms: 90 });
  });

  it.each(['exitCode', 'exit_code', 'returnCode', 'return_code'])('believes %s of a command', (field) => {
    expect(call('after-shell-execution', { [field]: 1 })?.success).toBe(false);
    expect(call('after-shell-execution', { [field]: 0 })?.success).toBe(true);
  });

  it('keeps the name of an edited file, and not its text', () => {
    expect(call('after-file-edit')).toMatchObject({ tool_name: 'Write', arguments: { file_path: '/home/user/shop/a.ts' }, result: null });
  });

  it('reads failed and denied calls', () => {
    expect(call('post-tool-use-failure')).toMatchObject({ success: false, was_denied: false, error_message: 'no such file' });
    expect(call('post-tool-use-failure-denied')).toMatchObject({ success: false, was_denied: true });
  });

  it.each(['completed', 'aborted', 'error'])('reads that a turn ended as %s', (status) => {
    expect(events('stop', { status })).toEqual([{ kind: 'stop', session_id: SESSION, at_ms: AT, status }]);
  });

  it('reads the end of the conversation', () => {
    expect(events('session-end')).toEqual([{ kind: 'end', session_id: SESSION, at_ms: AT }]);
  });

  it('hears nothing in a hook that asks for leave', () => {
    expect(events('pre-tool-use')).toEqual([]);
  });

  it('reads Cursor’s payloads under the names of Claude Code’s hooks', () => {
    expect(call('post-tool-use-shell', { hook_event_name: 'PostToolUse' })?.tool_name).toBe('Shell');
    expect(events('before-submit-prompt', { hook_event_name: 'UserPromptSubmit' })).toHaveLength(1);
  });

  it('takes its own tools for what they say about other calls', () => {
    const told = {
      tool_name: 'recommend_tools',
      mcp_server_name: 'toolwise',
      result_json: '{"structuredContent":{"recommendation_id":"r1"}}',
    };
    expect(events('after-mcp-execution', told)).toMatchObject([{ kind: 'advice', recommendation_id: 'r1' }]);
  });

  it('drops the address of the user', () => {
    const names = ['before-submit-prompt', 'after-mcp-execution', 'post-tool-use-shell', 'stop', 'session-end'];
    expect(JSON.stringify(names.map((name) => events(name)))).not.toContain('someone@example.com');
  });

  it('tells Cursor’s payloads from Claude Code’s', () => {
    expect(isCursorPayload(payload('cursor-hook', 'stop'))).toBe(true);
    expect(isCursorPayload(payload('claude-hook', 'stop'))).toBe(false);
    expect(isCursorPayload(null)).toBe(false);
  });

  it('never throws, and its events fit the contract, whatever the payload is', () => {
    const names = [
      'beforeSubmitPrompt',
      'afterMCPExecution',
      'afterShellExecution',
      'afterFileEdit',
      'postToolUse',
      'postToolUseFailure',
      'stop',
    ];
    const fields = [
      'generation_id',
      'prompt',
      'tool_name',
      'tool_use_id',
      'tool_input',
      'tool_output',
      'result_json',
      'command',
      'output',
      'duration',
    ];
    const record = fc.dictionary(fc.constantFrom(...fields, 'mcp_server_name', 'file_path', 'error_message', 'status'), fc.jsonValue());
    const named = fc
      .tuple(record, fc.constantFrom(...names), fc.string({ minLength: 1, unit: 'binary' }))
      .map(([told, hook_event_name, text]) => ({ conversation_id: text, tool_name: text, file_path: text, ...told, hook_event_name }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), named), (told) => {
        for (const event of cursorHookEvents(told, AT)) {
          if (event.kind !== 'tool') expect(event.session_id).toMatch(LABEL);
          if (event.kind === 'call') expect(event.tool_name).toMatch(TOOL_NAME);
        }
      }),
    );
  });
});
