import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallEvent, CaptureEvent } from '../../src/capture/events.ts';
import { type SavedTurns, SessionTurns } from '../../src/capture/session-turns.ts';
import { Turns } from '../../src/capture/turns.ts';
import type { EntryLine } from '../../src/engine/journal/lines.ts';

const idOf = (...parts: readonly (string | number)[]) => parts.join('|');
const seen = { session_id: 's', at_ms: 5 };

function call(tool_name: string, fields: Partial<CallEvent> = {}): CallEvent {
  const nothing = {
    call_id: null,
    turn_id: null,
    execution_time_ms: null,
    arguments: null,
    result: null,
    error_message: null,
    group_id: null,
  };
  return { kind: 'call', ...seen, ...nothing, tool_name, success: true, was_denied: false, ...fields };
}

const prompt = (text: string | null, turn_id: string | null = null): CaptureEvent => ({ kind: 'prompt', ...seen, text, turn_id });
const stop = (status: 'completed' | 'aborted' | 'error' = 'completed'): CaptureEvent => ({ kind: 'stop', ...seen, status });

function told(...events: readonly CaptureEvent[]): readonly EntryLine[] {
  const turns = new Turns(idOf);
  return [...events.flatMap((event) => turns.take(event)), ...turns.end(Number.MAX_SAFE_INTEGER)];
}

const episodesIn = (lines: readonly EntryLine[]) => lines.filter((line) => line.kind === 'episode');
const executionsIn = (lines: readonly EntryLine[]) => lines.filter((line) => line.kind === 'execution');

describe('the calls of a session', () => {
  test('get the words of the prompt before them', () => {
    const lines = told(call('a'), prompt('one'), call('b'), prompt('two'), call('c'));
    expect(executionsIn(lines).map(({ tool_name, query }) => [tool_name, query])).toEqual([
      ['a', null],
      ['b', 'one'],
      ['c', 'two'],
    ]);
  });

  test('have ids that are functions of the session and the call, and keep those that are unique everywhere', () => {
    const unique = 'toolu_01ABCDEFGHIJKLMNOP';
    const ids = executionsIn(told(call('a', { call_id: 'call_1' }), call('b', { call_id: unique }), call('c'), call('d')));
    expect(ids.map(({ execution_id }) => execution_id).slice(0, 2)).toEqual(['call-s|call_1', unique]);
    expect(new Set(ids.map(({ execution_id }) => execution_id)).size).toBe(4);
  });

  test('without ids have others after the session ended and went on, and the same when they are told again', () => {
    const end: CaptureEvent = { kind: 'end', ...seen };
    const lines = (...events: readonly CaptureEvent[]) => executionsIn(told(...events)).map(({ execution_id }) => execution_id);
    const ids = lines(prompt('one'), call('a'), call('a'), end, prompt('two'), call('b'), call('c'), stop(), call('c'));
    expect(new Set(ids).size).toBe(5);
    expect(lines(prompt('one'), call('a'), call('a'))).toEqual(ids.slice(0, 2));
  });

  test('that come late get the words of their own turn, and are no part of the one under way', () => {
    const lines = told(
      prompt('one', 'p1'),
      call('a', { turn_id: 'p1' }),
      prompt('two', 'p2'),
      call('b', { turn_id: 'p1' }),
      call('c', { turn_id: 'p2' }),
    );
    expect(executionsIn(lines).map(({ tool_name, query }) => [tool_name, query])).toEqual([
      ['a', 'one'],
      ['b', 'one'],
      ['c', 'two'],
    ]);
    expect(episodesIn(lines)).toMatchObject([{ tool_sequence: ['a'] }, { tool_sequence: ['c'] }]);
  });

  test('that another source tells again in a later turn are no part of that', () => {
    const lines = told(
      prompt('one'),
      call('a', { call_id: 'x' }),
      stop(),
      prompt('two'),
      call('b', { call_id: 'y' }),
      call('a', { call_id: 'x' }),
      stop(),
    );
    expect(episodesIn(lines)).toMatchObject([{ tool_sequence: ['a'] }, { tool_sequence: ['b'] }]);
  });

  test('that two sources tell are told once', () => {
    expect(executionsIn(told(call('a', { call_id: 'x' }), call('a', { call_id: 'x' })))).toHaveLength(1);
  });

  test('that a person did not permit failed, and their time is not told', () => {
    const [line] = executionsIn(told(call('a', { was_denied: true, execution_time_ms: 9_000 })));
    expect(line).toMatchObject({ success: false, error_message: 'not permitted', execution_time_ms: null });
  });

  test('are joined to the advice before them, the first one only', () => {
    const lines = told({ kind: 'advice', ...seen, recommendation_id: 'r' }, call('a'), call('b'));
    expect(executionsIn(lines).map((line) => line.recommendation_id)).toEqual(['r', null]);
  });
});

describe('the episodes of a session', () => {
  test('end when the agent stops, when the next prompt comes and when the session is over', () => {
    const lines = told(prompt('one', 'p1'), call('a'), stop(), call('b'), prompt('two', 'p2'), call('c'));
    expect(episodesIn(lines).map((line) => [line.tool_sequence, line.outcome, line.confidence])).toEqual([
      [['a'], 'success', 0.8],
      [['b'], 'success', 0.6],
      [['c'], 'success', 0.6],
    ]);
    expect(new Set(episodesIn(lines).map((line) => line.episode_id)).size).toBe(3);
  });

  test('end where a call says that it belongs to another turn', () => {
    expect(episodesIn(told(call('a', { turn_id: '1' }), call('b', { turn_id: '1' }), call('c', { turn_id: '2' })))).toMatchObject([
      { tool_sequence: ['a', 'b'] },
      { tool_sequence: ['c'] },
    ]);
  });

  test('go on when the same prompt is told again', () => {
    expect(episodesIn(told(prompt('one', 'p'), call('a'), prompt('one', 'p'), call('b')))).toMatchObject([{ tool_sequence: ['a', 'b'] }]);
  });

  test.each([
    ['the agent could not go on', [call('a'), stop('error')], 'failure', 0.8],
    ['the user stopped it', [call('a'), stop('aborted')], 'failure', 0.7],
    ['the last call was not permitted', [call('a'), call('b', { was_denied: true }), stop()], 'failure', 0.7],
    ['the last call failed', [call('a'), call('b', { success: false }), stop()], 'failure', 0.6],
    ['a call was tried again at once', [call('a', { success: false }), call('a'), stop()], 'partial', 0.6],
    ['the same was asked twice', [call('a', { arguments: { x: 1 } }), call('a', { arguments: { x: 1 } }), stop()], 'partial', 0.6],
    [
      'other things were asked of one tool',
      [call('a', { arguments: { x: 1 } }), call('a', { arguments: { x: 2 } }), stop()],
      'success',
      0.8,
    ],
    ['another tool helped after a failure', [call('a', { success: false }), call('b'), stop()], 'success', 0.8],
    ['a call was given up when the next prompt came', [call('a'), { kind: 'start', ...seen, call_id: 'x' }, prompt('no')], 'failure', 0.7],
    ['the agent itself said so', [call('a', { success: false }), { kind: 'judged', ...seen, outcome: 'success' }, stop()], 'success', 1],
  ] as const)('are judged by what was done: %s', (_, events, outcome, confidence) => {
    expect(episodesIn(told(...(events as readonly CaptureEvent[])))).toMatchObject([{ outcome, confidence }]);
  });

  test('hold calls that ran side by side in the order of their names', () => {
    const group: CaptureEvent = { kind: 'group', ...seen, call_ids: ['1', '2'] };
    const lines = told(call('z', { call_id: '1' }), call('y', { call_id: '2' }), group, call('x', { call_id: '3' }), stop());
    expect(episodesIn(lines)).toMatchObject([{ tool_sequence: ['y', 'z', 'x'] }]);
  });

  test('of many calls are told in parts', () => {
    const lengths = episodesIn(told(...Array.from({ length: 2_500 }, () => call('a')))).map((line) => line.tool_sequence.length);
    expect(lengths).toEqual([1000, 1000, 500]);
  });
});

const event = fc.oneof(
  fc.record({ turn: fc.constantFrom('1', '2', null), text: fc.constantFrom('one', null) }).map(({ turn, text }) => prompt(text, turn)),
  fc
    .record({ tool: fc.constantFrom('a', 'b'), id: fc.constantFrom('1', '2', '3', null), success: fc.boolean() })
    .map(({ tool, id, success }) => call(tool, { call_id: id, success })),
  fc.constantFrom<CaptureEvent>(stop(), { kind: 'start', ...seen, call_id: '9' }, { kind: 'group', ...seen, call_ids: ['1', '2'] }),
);

test('a session that is saved and loaded between any two events tells the same', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const whole = new SessionTurns('s', idOf);
      let saved: SavedTurns | undefined;
      for (const one of events) {
        if (one.kind === 'tool') continue;
        const loaded: SessionTurns = new SessionTurns('s', idOf, saved);
        expect(loaded.take(one)).toEqual(whole.take(one));
        saved = JSON.parse(JSON.stringify(loaded.save())) as SavedTurns;
      }
    }),
  );
});

test('a turn that may go on is not told when its source ends, so that it is told whole later', () => {
  const turns = new Turns(idOf);
  turns.take({ ...call('a'), at_ms: 1_000_000 });
  expect(turns.end(1_000_001)).toEqual([]);
  turns.take({ ...call('a'), at_ms: 1_000_000 });
  expect(turns.end(1_000_000 + 3_600_000)).toHaveLength(1);
});

test('sessions are told apart, and a session is over when its source says so', () => {
  const lines = told(call('a'), { ...call('b'), session_id: 't' }, { kind: 'end', session_id: 't', at_ms: 6 }, call('c'));
  expect(episodesIn(lines).map((line) => [line.session_id, line.tool_sequence])).toEqual([
    ['t', ['b']],
    ['s', ['a', 'c']],
  ]);
});
