import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OpenAiReader } from '../../../src/capture/formats/openai.ts';
import { answerOutcome } from '../../../src/capture/formats/openai-outcome.ts';
import { callsOf, expectSound, fixtureLines, oddLines, READER_OPTIONS, read, storyOf } from '../../helpers/formats.ts';

const [chat, items] = fixtureLines('openai/conversations.jsonl');

function sessionsOf(...values: unknown[]): unknown[] {
  const { events } = read(new OpenAiReader(READER_OPTIONS), values);
  return [...new Set(events.flatMap((event) => ('session_id' in event ? [event.session_id] : [])))];
}

describe('a conversation of chat completions', () => {
  const { events, problems } = read(new OpenAiReader(READER_OPTIONS), [chat]);

  it('is a story of tools, prompts, calls and ends', () => {
    expect(problems).toEqual([]);
    expect(storyOf(events)).toEqual([
      'tool get_weather',
      'prompt Weather in Paris and Rome?',
      'call get_weather',
      'call get_weather',
      'stop completed',
      'prompt Book a table',
      'call book',
      'stop completed',
      'end',
    ]);
  });

  it('says what was asked and how it went', () => {
    expect(callsOf(events)).toEqual(['get_weather ok -', 'get_weather failed -', 'book ok -']);
    const calls = events.flatMap((event) => (event.kind === 'call' ? [event] : []));
    expect(calls.map((call) => call.arguments)).toEqual([{ city: 'Paris' }, { city: 'Rome' }, { seats: 2 }]);
    expect(calls.map((call) => call.group_id)).toEqual(['message-3', 'message-3', null]);
    expect(calls.map((call) => call.call_id)).toEqual(['call_1', 'call_2', null]);
  });
});

describe('items of the Responses API', () => {
  it('are calls and their outputs, also of tools that the service ran', () => {
    const { events } = read(new OpenAiReader(READER_OPTIONS), [items]);
    expect(storyOf(events)).toEqual([
      'prompt Find the file',
      'call find_file',
      'call mcp__files__search',
      'call web_search',
      'stop completed',
      'end',
    ]);
    expect(callsOf(events)).toEqual(['find_file failed -', 'mcp__files__search ok -', 'web_search ok -']);
  });
});

describe('the name of a conversation', () => {
  it('is its own id', () => {
    expect(sessionsOf(chat)).toEqual(['weather-1']);
    expect(sessionsOf(items)).toEqual(['conv_1']);
  });

  it('is made of its messages where it has none, so that it is the same again', () => {
    const messages = JSON.parse(readFileSync(`${import.meta.dirname}/../../fixtures/openai/messages.json`, 'utf8')) as unknown[];
    const [name] = sessionsOf(messages);
    expect(name).toMatch(/^openai\/[0-9a-f]{16}$/);
    expect(sessionsOf({ messages })).toEqual([name]);
    expect(sessionsOf(...messages)).toEqual([name]);
    expect(sessionsOf(messages.slice(1))).not.toEqual([name]);
  });

  it('tells trials of the same task apart', () => {
    const tried = (content: string) => ({ task_id: 3, traj: [{ role: 'user', content }] });
    expect(sessionsOf(tried('a'), tried('b'))).toHaveLength(2);
    expect(sessionsOf({ ...tried('a'), trial: 1 })).toEqual(['openai/3/1']);
  });
});

it('a call id that is used again in a conversation is another call', () => {
  const call = { role: 'assistant', tool_calls: [{ id: 'call_0', function: { name: 'x', arguments: '{}' } }] };
  const answer = { role: 'tool', tool_call_id: 'call_0', content: 'ok' };
  const { events } = read(new OpenAiReader(READER_OPTIONS), [[call, answer, call, answer]]);
  expect(events.flatMap((event) => (event.kind === 'call' ? [event.call_id] : []))).toEqual(['call_0', 'call_0#2']);
});

it('an outcome that stands beside the messages is what the last turn came to', () => {
  const { events } = read(new OpenAiReader(READER_OPTIONS), [{ ...(chat as object), outcome: 'failure' }]);
  expect(storyOf(events).slice(-3)).toEqual(['judged failure', 'stop completed', 'end']);
});

describe('whether an answer is a failure', () => {
  it.each<[object, unknown, boolean]>([
    [{}, 'Error: payment amount does not add up', false],
    [{}, 'Traceback (most recent call last):\n  File', false],
    [{}, 'ValueError: x', false],
    [{}, 'Exception: x', false],
    [{}, '{"error":"no such file"}', false],
    [{}, '{"isError":true}', false],
    [{}, '{"success":false}', false],
    [{}, '{"error":null,"data":1}', true],
    [{}, '{"errors_found":0}', true],
    [{}, 'The error was fixed', true],
    [{}, 'Errors: 0', true],
    [{}, 'Error handling guide', true],
    [{}, 'Error logging in: wrong password', false],
    [{}, 'Exception handling in Python', true],
    [{}, 'error-free', true],
    [{}, '[ERROR] no such page', false],
    [{}, '{"error":"", "list":["Error: x"]}', true],
    [{}, '["Error: x"]', true],
    [{ success: true }, 'Error: but meant so', true],
    [{ success: false }, 'fine', false],
    [{ is_error: true }, 'fine', false],
    [{ status: 'error' }, 'fine', false],
    [{}, null, true],
  ])('%j %j', (message, answer, success) => {
    expect(answerOutcome({ ...message }, answer).success).toBe(success);
  });
});

it('what is no conversation is reported with its fields', () => {
  expect(read(new OpenAiReader(READER_OPTIONS), [{ a: 1, b: 2 }, 3]).problems).toEqual([
    'it has neither messages nor a role; its fields are a, b',
    'it is neither a message nor a conversation: no object',
  ]);
});

it('odd values never make it throw, nor tell what the contract refuses', () => {
  const fields = [
    'role',
    'type',
    'messages',
    'content',
    'tool_calls',
    'function',
    'name',
    'arguments',
    'id',
    'tool_call_id',
    'call_id',
    'output',
    'tools',
    'function_call',
    'text',
  ];
  expectSound(() => new OpenAiReader(READER_OPTIONS), oddLines(...fields));
});
