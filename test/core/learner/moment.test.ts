import { describe, expect, test } from 'vitest';
import { SITUATIONS } from '../../../src/core/learner/moment.ts';
import { at, toolNamed } from './moments.ts';

describe('the situation of a moment', () => {
  test.each([
    ['first call', { history: [], turn: 1 }],
    ['after a failure', { history: ['a', 'b!'], turn: 1 }],
    ['after a failure', { history: ['a@1!'], turn: 2 }],
    ['new query', { history: ['a!', 'b@1'], turn: 2 }],
    ['same query', { history: ['a!', 'b'], turn: 2 }],
  ])('is "%s" after %o', (situation, place) => {
    expect(SITUATIONS[at(['a', 'b'], place).situation]).toBe(situation);
  });
});

describe('the usage of a tool', () => {
  test('counts its calls, its failures, those since it last succeeded, and the calls for this request', () => {
    const { usage } = at(['a', 'b'], { history: ['a@1!', 'a@1', 'b@1', 'a@2!', 'a@2!'], turn: 2 });
    expect(usage.get(toolNamed('a').hash)).toStrictEqual({ calls: 4, failures: 3, failures_in_a_row: 2, calls_this_turn: 2 });
    expect(usage.get(toolNamed('b').hash)).toStrictEqual({ calls: 1, failures: 0, failures_in_a_row: 0, calls_this_turn: 0 });
    expect(usage.size).toBe(2);
  });
});
