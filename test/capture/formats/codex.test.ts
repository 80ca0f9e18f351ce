import { describe, expect, it } from 'vitest';
import { CodexReader } from '../../../src/capture/formats/codex.ts';
import { outputOutcome } from '../../../src/capture/formats/codex-outcome.ts';
import { callsOf, expectSound, fixtureLines, oddLines, READER_OPTIONS, read, storyOf } from '../../helpers/formats.ts';

const ROLLOUT = 'codex/rollout-2026-08-10T13-00-00-0199a000-0000-7000-8000-000000000001.jsonl';
const { events, problems } = read(new CodexReader(READER_OPTIONS), fixtureLines(ROLLOUT));

describe('a rollout of Codex', () => {
  it('is a story of prompts, calls and ends', () => {
    expect(problems).toEqual([]);
    expect(storyOf(events)).toEqual([
      'prompt Make the build pass',
      'call exec_command',
      'call apply_patch',
      'call mcp__github__search_issues',
      'call shell',
      'stop completed',
      'prompt Delete the branch',
      'call exec_command',
      'stop aborted',
      'end',
    ]);
  });

  it('says how each call went by the event, which knows more than the output', () => {
    expect(callsOf(events)).toEqual([
      'exec_command failed 2500',
      'apply_patch ok 100',
      'mcp__github__search_issues failed 700',
      'shell ok 900',
      'exec_command denied -',
    ]);
  });

  it('keeps the session, the arguments and the id of a call', () => {
    const first = events.find((event) => event.kind === 'call');
    expect(first).toMatchObject({
      session_id: 'codex/0199a000-0000-7000-8000-000000000001',
      call_id: 'call_1',
      arguments: { cmd: 'npm run build' },
    });
  });

  it('in its first format has neither an envelope nor events', () => {
    const old = read(new CodexReader(READER_OPTIONS), fixtureLines('codex/rollout-first-format.jsonl'));
    expect(old.problems).toEqual([]);
    expect(storyOf(old.events)).toEqual(['prompt List the files', 'call local_shell', 'end']);
    expect(old.events[1]).toMatchObject({ session_id: 'codex/0196-old', success: true, arguments: { command: ['ls'] }, result: 'a.ts\n' });
  });

  it('takes an event that comes after the output', () => {
    const call = { type: 'response_item', payload: { type: 'function_call', name: 'exec_command', arguments: '{}', call_id: 'a' } };
    const output = { type: 'response_item', payload: { type: 'function_call_output', call_id: 'a', output: 'x' } };
    const end = { type: 'event_msg', payload: { type: 'exec_command_end', call_id: 'a', exit_code: 1, duration: '20ms' } };
    expect(callsOf(read(new CodexReader(READER_OPTIONS), [call, output, end]).events)).toEqual(['exec_command failed 20']);
  });

  it('calls that begin before any is answered belong together', () => {
    const item = (payload: object) => ({ type: 'response_item', payload });
    const call = (call_id: string) => item({ type: 'function_call', name: 'x', arguments: '{}', call_id });
    const output = (call_id: string) => item({ type: 'function_call_output', call_id, output: '' });
    const told = read(new CodexReader(READER_OPTIONS), [call('a'), call('b'), output('a'), output('b'), call('c'), output('c')]).events;
    expect(told.flatMap((event) => (event.kind === 'call' ? [event.group_id] : []))).toEqual(['a', 'a', 'c']);
  });
});

describe('the outcome that an output tells', () => {
  it.each<[unknown, boolean | null]>([
    ['{"output":"no","metadata":{"exit_code":1,"duration_seconds":0.1}}', false],
    ['{"output":"yes","metadata":{"exit_code":0}}', true],
    ['Wall time: 0.1 seconds\nProcess exited with code 1\nOutput:\nboom', false],
    ['Exit code: 0\nWall time: 0.1 seconds\nOutput:\nProcess exited with code 1', true],
    [[{ type: 'input_text', text: 'Script failed\nError: x' }], false],
    ['Script completed\nProcess exited with code 1', true],
    ['apply_patch verification failed: no such lines', false],
    [{ content: 'x', success: false }, false],
    ['Error: no such file', false],
    ['TypeError: x is not a function', false],
    ['failed to parse function arguments: missing field `cmd`', false],
    ['Failed to connect to the server', false],
    ['aborted by user after 3.2s', false],
    ['aborted', false],
    ['Error handling guide', null],
    ['Error-free since May', null],
    ['Failed to launch\nA history of rockets', null],
    ['Aborted takeoffs of 2025', null],
    ['Script failed attempts', null],
    ['{"error":null,"data":1}', null],
    ['whatever', null],
  ])('%j', (output, success) => {
    expect(outputOutcome({ output }).success).toBe(success);
  });

  it('is looked for in the head of it only, however long it is', () => {
    const beyond = (lines: number) => `${'x\n'.repeat(lines)}Process exited with code 1\nOutput:\nboom`;
    expect(outputOutcome({ output: beyond(100) }).success).toBe(false);
    expect(outputOutcome({ output: beyond(1000) }).success).toBeNull();
    expect(outputOutcome({ output: beyond(2_000_000) }).success).toBeNull();
  });
});

it('odd lines never make it throw, nor tell what the contract refuses', () => {
  const fields = [
    'type',
    'payload',
    'id',
    'call_id',
    'name',
    'arguments',
    'output',
    'exit_code',
    'duration',
    'secs',
    'result',
    'Ok',
    'Err',
    'invocation',
    'server',
    'timestamp',
  ];
  expectSound(() => new CodexReader(READER_OPTIONS), oddLines(...fields));
});
