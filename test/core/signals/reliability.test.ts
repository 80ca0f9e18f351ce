import { describe, expect, test } from 'vitest';
import { ReliabilitySignal } from '../../../src/core/signals/reliability.ts';
import { at, called, column, type Place, rated, reloaded, said } from '../learner/moments.ts';

const TOOLS = ['a', 'b', 'c'];

function taught(...calls: readonly (readonly [tool: string, success: boolean, rating?: number | null])[]): ReliabilitySignal {
  const signal = new ReliabilitySignal();
  for (const [tool, success, rating = null] of calls) signal.learn(called(at(TOOLS), tool, { success, rating }));
  return signal;
}

const of = (signal: ReliabilitySignal, name: string, place: Place = {}) => column(signal, at(TOOLS, place), name);

describe('the reliability signal', () => {
  test('says 0 of a tool that was never called', () => {
    expect(said(new ReliabilitySignal(), at(TOOLS))).toStrictEqual(TOOLS.map(() => ({ success: 0, rating: 0, failures_in_session: 0 })));
  });

  test('rises with successes and falls with failures, whatever was asked', () => {
    const [a = 0, b = 0, c = 0] = of(taught(['a', true], ['a', true], ['b', false], ['b', true]), 'success', { query: 'anything' });
    expect(a).toBeGreaterThan(0);
    expect(b).toBeLessThan(0);
    expect(c).toBe(0);
    // Beta prior of mean 0.9 worth 2 calls: (1 + 1.8) / (2 + 2) against 0.9.
    expect(b).toBeCloseTo(Math.log(0.7 / 0.9), 9);
  });

  test('gives the mean of the stars above 3, shrunk', () => {
    const [a = 0, b = 0, c = 0] = of(taught(['a', true, 5], ['b', true, 1], ['b', true, 1], ['c', true]), 'rating');
    expect([a, b, c]).toStrictEqual([2 / 3, -1, 0]);
  });

  test('takes a late rating as one that came at once, and a second one in place of the first', () => {
    const signal = new ReliabilitySignal();
    const example = called(at(TOOLS), 'a');
    signal.learn(example);
    signal.correct(rated(example, 1));
    expect(of(signal, 'rating')).toStrictEqual(of(taught(['a', true, 1]), 'rating'));
    signal.correct({ ...rated(example, 5), rating_before: 1 });
    expect(of(signal, 'rating')).toStrictEqual(of(taught(['a', true, 5]), 'rating'));
  });

  test('counts the failures in a row of the session', () => {
    expect(of(new ReliabilitySignal(), 'failures_in_session', { history: ['a!', 'b!', 'b', 'a!'] })).toStrictEqual([Math.log(3), 0, 0]);
  });

  test('says how often the tool succeeded', () => {
    const signal = taught(['a', true], ['a', false]);
    expect([0, 1].map((candidate) => signal.explain(at(TOOLS), candidate))).toStrictEqual(['succeeded 1 of 2 times', null]);
  });

  test('is the same after save and load', () => {
    const first = taught(['a', true, 4], ['b', false]);
    const second = reloaded(first, new ReliabilitySignal());
    for (const signal of [first, second]) signal.learn(called(at(TOOLS), 'b', { rating: 2 }));
    expect(second.save()).toStrictEqual(first.save());
    expect(said(second, at(TOOLS))).toStrictEqual(said(first, at(TOOLS)));
  });
});
