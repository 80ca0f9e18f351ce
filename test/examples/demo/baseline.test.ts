import { describe, expect, test } from 'vitest';
import { chance, listOrder, popularity, repetition, scoreOf, toolwise } from '../../../examples/demo/baseline.ts';
import { callOf, TOOLS } from './calls.ts';

describe('the rankers that the demo compares', () => {
  test('popularity counts the successful calls before the decision, and only those', () => {
    const calls = [
      callOf(1, { called: 'd' }),
      callOf(1, { called: 'c', success: false }),
      callOf(1, { called: 'b' }),
      callOf(1, { called: 'b' }),
    ];
    const run = { calls, available_tools: TOOLS };
    expect(popularity(run, 0)).toEqual(['a', 'b', 'c', 'd']);
    expect(popularity(run, 2)).toEqual(['d', 'a', 'b', 'c']);
    expect(popularity(run, 4)).toEqual(['b', 'd', 'a', 'c']);
  });

  test('repetition puts the latest tool of the same task first', () => {
    const first = callOf(1, { called: 'd' });
    const run = { calls: [first, { ...first, called: 'c' }, callOf(1)], available_tools: TOOLS };
    expect(repetition(run, 1)[0]).toBe('d');
    expect(repetition(run, 2)[0], 'another task').toBe('c');
    expect(repetition({ ...run, calls: [first, callOf(1)] }, 1)).toEqual(popularity({ ...run, calls: [first] }, 1));
  });

  test('drawing lots among 36 tools is right once in 36 times', () => {
    expect(chance(10, 36)).toEqual({ decisions: 10, hit_at_1: 1 / 36, hit_at_3: 3 / 36, mean_rank: 18.5 });
  });
});

describe('a score', () => {
  test('counts the scored calls of its quarter only', () => {
    const calls = [
      callOf(1, { right: 'b' }),
      callOf(4, { right: 'a' }),
      callOf(4, { right: 'd' }),
      callOf(4, { right: 'c', scored: false }),
    ];
    const score = scoreOf(listOrder, { calls, available_tools: TOOLS }, 4);
    expect(score).toEqual({ decisions: 2, hit_at_1: 0.5, hit_at_3: 0.5, mean_rank: 2.5 });
  });

  test('of toolwise rests on its own answers; a tool that it left out ranks behind all others', () => {
    const calls = [callOf(1, { ranking: ['b', 'a'] }), callOf(1, { ranking: ['b'] })];
    expect(scoreOf(toolwise, { calls, available_tools: TOOLS }, 1).mean_rank).toBe(2);
  });
});
