import { describe, expect, it } from 'vitest';
import { ClaudeCodeReader } from '../../../src/capture/formats/claude-code.ts';
import { claudeHookEvents } from '../../../src/capture/formats/claude-hook.ts';
import { callsOf, expectSound, fixtureLines, oddLines, READER_OPTIONS, read, storyOf } from '../../helpers/formats.ts';

const SESSION = 'claude-code/5e55a0e1-0000-4000-8000-000000000001';
const lines = fixtureLines('claude-code/session.jsonl').filter((line) => line !== undefined);
const { events, problems } = read(new ClaudeCodeReader(READER_OPTIONS), lines);

function user(content: unknown, more: object = {}) {
  return { type: 'user', sessionId: 's', message: { role: 'user', content }, ...more };
}

function said(content: unknown, more: object = {}): string[] {
  return storyOf(read(new ClaudeCodeReader(READER_OPTIONS), [user(content, more)]).events).filter((event) => event !== 'end');
}

describe('a transcript of Claude Code', () => {
  it('is a story of prompts, calls and ends', () => {
    expect(problems).toEqual([]);
    expect(storyOf(events)).toEqual([
      'prompt Fix the failing test of the parser',
      'call Read',
      'call Grep',
      'call Bash',
      'call Edit',
      'stop completed',
      'prompt Push it',
      'call mcp__github__create_pr',
      'stop aborted',
      'prompt /review parser.ts',
      'advice rec-1',
      'call Task',
      'judged partial',
      'end',
    ]);
  });

  it('says how each call went and how long it took, by the tool itself where it does', () => {
    expect(callsOf(events)).toEqual([
      'Read ok 700',
      'Grep ok 12',
      'Bash failed 5500',
      'Edit ok 50',
      'mcp__github__create_pr denied -',
      'Task ok 6500',
    ]);
  });

  it('keeps the ids of calls, turns and of the message that calls came with', () => {
    const calls = events.flatMap((event) => (event.kind === 'call' ? [event] : []));
    expect(calls.map(({ call_id }) => call_id?.slice(-2))).toEqual(['02', '01', '03', '04', '05', '07']);
    expect(calls.map(({ turn_id }) => turn_id)).toEqual(['prompt-1', 'prompt-1', 'prompt-1', 'prompt-1', 'prompt-2', 'prompt-3']);
    expect(calls.slice(0, 3).map(({ group_id }) => group_id)).toEqual(['msg_1', 'msg_1', 'msg_2']);
    expect(calls[2]).toMatchObject({
      session_id: SESSION,
      arguments: { command: 'npm test' },
      error_message: 'Exit code 1\n1 test failed',
    });
  });

  it('keeps what a subagent did apart', () => {
    const side = read(new ClaudeCodeReader(READER_OPTIONS), fixtureLines('claude-code/subagents/agent-a1b2c3.jsonl')).events;
    expect(storyOf(side)).toEqual(['prompt Review parser.ts', 'call Read', 'stop completed', 'end']);
    expect(side.map((event) => 'session_id' in event && event.session_id)).toEqual(Array(4).fill(`${SESSION}/a1b2c3`));
  });
});

describe('how a call went', () => {
  const ended = (name: string, toolUseResult: unknown, { content = 'x', is_error = false } = {}) => {
    const use = { type: 'assistant', sessionId: 's', message: { content: [{ type: 'tool_use', id: 'a', name, input: {} }] } };
    const result = user([{ type: 'tool_result', tool_use_id: 'a', content, is_error }], { toolUseResult });
    return callsOf(read(new ClaudeCodeReader(READER_OPTIONS), [use, result]).events);
  };

  it.each<[object, string]>([
    [{ stdout: '', interrupted: false }, 'ok'],
    [{ stdout: '1 pas', interrupted: true }, 'failed'],
    [{ success: false }, 'failed'],
    [{ exitCode: 127 }, 'failed'],
    [{ exit_code: 1, returnCodeInterpretation: 'No matches found' }, 'ok'],
  ])('is told by the flags of a built-in tool, as the hook has them: %j', (toolUseResult, outcome) => {
    expect(ended('Bash', toolUseResult)).toEqual([`Bash ${outcome} -`]);
    const payload = { session_id: 's', hook_event_name: 'PostToolUse', tool_name: 'Bash', tool_response: toolUseResult };
    expect(claudeHookEvents(payload, 1)).toMatchObject([{ success: outcome === 'ok', was_denied: false }]);
    expect(ended('mcp__shop__list', toolUseResult)).toEqual(['mcp__shop__list ok -']);
  });

  it.each([
    "The user doesn't want to proceed with this tool use. The tool use was rejected",
    "Error: The user doesn't want to take this action right now",
    'Claude requested permissions to write to a.ts, but you have not granted it yet.',
    'Permission to use Bash with command rm has been denied.',
  ])('is a denial where a person said no: %s', (content) => {
    expect(ended('Bash', undefined, { content, is_error: true })).toEqual(['Bash denied -']);
    expect(ended('Bash', undefined, { content })).toEqual(['Bash ok -']);
  });

  it('is a denial where only what stands beside the message says so', () => {
    expect(ended('Bash', 'User rejected tool use', { is_error: true })).toEqual(['Bash denied -']);
  });
});

describe('what is no prompt', () => {
  it.each<[string, unknown, object]>([
    ['a note of the client', 'x', { isMeta: true }],
    ['the summary after a compaction', 'This session is being continued', { isCompactSummary: true }],
    ['output of a local command', '<local-command-stdout>ok</local-command-stdout>', {}],
    ['a shell line of the user', '<bash-input>ls</bash-input>', {}],
    ['the old caveat', 'Caveat: The messages below were generated by the user while running local commands. DO NOT respond', {}],
    ['a reminder alone', '<system-reminder>x</system-reminder>', {}],
    ['a notification', '<task-notification>done</task-notification>', {}],
    ['words of another origin', 'x', { origin: { kind: 'channel' } }],
    ['a result without blocks', 'x', { toolUseResult: { stdout: 'x' } }],
  ])('%s', (_, content, more) => {
    expect(said(content, more)).toEqual([]);
  });

  it('an interruption ends the turn, and words after it begin another', () => {
    expect(said('[Request interrupted by user]')).toEqual(['stop aborted']);
    expect(
      said([
        { type: 'text', text: '[Request interrupted by user]' },
        { type: 'text', text: 'use bun' },
      ]),
    ).toEqual(['stop aborted', 'prompt use bun']);
  });
});

describe('odd lines', () => {
  it('of the two known types without a message are reported, of other types ignored', () => {
    expect(read(new ClaudeCodeReader(READER_OPTIONS), [{ type: 'user' }, { type: 'mode' }, 7, {}]).problems).toEqual([
      'the user line has no message',
      'it is no line of a Claude Code transcript: it has no type',
      'it is no line of a Claude Code transcript: it has no type',
    ]);
  });

  it('a call that comes twice is told once, one that a sibling cancelled never', () => {
    const use = (id: string) => ({
      type: 'assistant',
      sessionId: 's',
      message: { content: [{ type: 'tool_use', id, name: 'Bash', input: {} }] },
    });
    const result = (id: string, content: string, is_error: boolean) => user([{ type: 'tool_result', tool_use_id: id, content, is_error }]);
    const cancelled = '<tool_use_error>Cancelled: parallel tool call Bash(ls) errored</tool_use_error>';
    const told = read(new ClaudeCodeReader(READER_OPTIONS), [
      use('a'),
      result('a', 'x', false),
      use('a'),
      result('a', 'x', false),
      use('b'),
      result('b', cancelled, true),
    ]);
    expect(callsOf(told.events)).toEqual(['Bash ok -']);
  });

  it('never make it throw, nor tell what the contract refuses', () => {
    const fields = [
      'type',
      'message',
      'content',
      'id',
      'name',
      'input',
      'tool_use_id',
      'is_error',
      'sessionId',
      'agentId',
      'timestamp',
      'toolUseResult',
      'text',
      'durationMs',
    ];
    expectSound(() => new ClaudeCodeReader(READER_OPTIONS), oddLines(...fields));
  });
});
