import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/core/hyperparameters.ts';
import type { Candidate, PolicyState } from '../../../src/core/policies/candidate.ts';
import { epsilonGreedy } from '../../../src/core/policies/epsilon-greedy.ts';
import { greedy } from '../../../src/core/policies/greedy.ts';
import { POLICY_NAMES, policyByName } from '../../../src/core/policies/policy-by-name.ts';
import { softmax } from '../../../src/core/policies/softmax.ts';
import { thompson } from '../../../src/core/policies/thompson.ts';
import { ucb1 } from '../../../src/core/policies/ucb1.ts';
import { seededUniform } from '../../../src/core/random.ts';

const NOTHING: Candidate = { tool_name: 't', value: 0, successes: 0, calls: 0, selection_count: 0 };

const candidates = (...parts: readonly Partial<Candidate>[]): Candidate[] => parts.map((part) => ({ ...NOTHING, ...part }));

const state = (part: Partial<PolicyState> = {}): PolicyState => ({
  exploration_rate: 0,
  total_selections: 0,
  uniform: seededUniform(1),
  ...part,
});

const anyCandidate = fc
  .record({
    value: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    successes: fc.nat(100_000),
    failures: fc.nat(100_000),
    selection_count: fc.nat(1000),
  })
  .map(({ failures, ...rest }) => ({ tool_name: 't', calls: rest.successes + failures, ...rest }));

const anyState = fc
  .record({ exploration_rate: fc.double({ min: 0, max: 1, noNaN: true }), total_selections: fc.nat(100_000) })
  .map((part) => state(part));

describe.each(POLICY_NAMES)('policy %s', (name) => {
  const policy = policyByName(name);

  test('gives every candidate a probability, and they sum to 1', () => {
    fc.assert(
      fc.property(fc.array(anyCandidate, { minLength: 1, maxLength: 30 }), anyState, (all, given) => {
        const probabilities = policy(all, given, DEFAULTS);
        expect(probabilities).toHaveLength(all.length);
        for (const probability of probabilities) expect(probability).toBeGreaterThanOrEqual(0);
        expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('treats equal candidates equally', () => {
    fc.assert(
      fc.property(anyCandidate, anyCandidate, anyState, (one, other, given) => {
        const [first = 0, second = 1, third] = policy([one, one, other, one], given, DEFAULTS);
        expect(first).toBeCloseTo(second, 12);
        expect(third).toBeDefined();
      }),
    );
  });

  test('gives the only candidate everything', () => {
    const [all] = policy(candidates({ value: -40, calls: 3 }), state({ exploration_rate: 0.3 }), DEFAULTS);
    expect(all).toBeCloseTo(1, 12);
  });

  test('has nothing to say about no candidates', () => {
    expect(policy([], state(), DEFAULTS)).toEqual([]);
  });
});

test('greedy puts all on the greatest value and lets ties share', () => {
  expect(greedy(candidates({ value: -1 }, { value: 7 }, { value: 7 }))).toEqual([0, 0.5, 0.5]);
});

test('epsilon-greedy spreads the exploration rate over all, the best included', () => {
  const probabilities = epsilonGreedy(candidates({ value: 1 }, { value: 2 }), { exploration_rate: 0.2 });
  expect(probabilities[0]).toBeCloseTo(0.1, 12);
  expect(probabilities[1]).toBeCloseTo(0.9, 12);
});

test('softmax multiplies the odds by e for every value_temperature of value', () => {
  const [low = 0, high = 0] = softmax(candidates({ value: 2 }, { value: 5 }), state(), { value_temperature: 3 });
  expect(high / low).toBeCloseTo(Math.E, 9);
});

describe('ucb', () => {
  test('fault 23: tools never drawn in this context share the first draws, however good the others are', () => {
    const probabilities = ucb1(
      candidates({ value: 16, selection_count: 1 }, { value: -5 }, { value: 3 }),
      { exploration_rate: 0, total_selections: 1 },
      DEFAULTS,
    );
    expect(probabilities).toEqual([0, 0.5, 0.5]);
  });

  test('then the greatest bound decides: of equal values the tool drawn less often', () => {
    const tried = candidates({ value: 5, selection_count: 9 }, { value: 5, selection_count: 4 });
    expect(ucb1(tried, { exploration_rate: 0, total_selections: 13 }, DEFAULTS)).toEqual([0, 1]);
  });

  test('without a bonus it is greedy', () => {
    const tried = candidates({ value: 5, selection_count: 9 }, { value: 4, selection_count: 1 });
    expect(ucb1(tried, { exploration_rate: 0, total_selections: 10 }, { ucb_c: 0 })).toEqual([1, 0]);
  });

  test('fault 22: a value of minus a thousand million is no error', () => {
    const tried = candidates({ value: -1e9, selection_count: 1 }, { value: 0, selection_count: 1 });
    expect(ucb1(tried, { exploration_rate: 0, total_selections: 2 }, DEFAULTS)).toEqual([0, 1]);
  });
});

describe('thompson', () => {
  const two = (first: Partial<Candidate>, second: Partial<Candidate>) => thompson(candidates(first, second), state(), DEFAULTS);

  test('gives a tool the probability that its success rate is the greater, beside its part of the floor', () => {
    const [first = 0] = two({ successes: 1, calls: 2 }, { successes: 0, calls: 2 });
    expect(Math.abs((first - 0.005) / 0.99 - probabilityGreater([2.8, 1.2], [1.8, 2.2]))).toBeLessThan(0.005);
  });

  test('all but always draws 160 of 200 before 40 of 200, which keeps its part of the floor', () => {
    const [good, bad] = two({ successes: 160, calls: 200 }, { successes: 40, calls: 200 });
    expect(good).toBeCloseTo(0.995, 9);
    expect(bad).toBeCloseTo(0.005, 9);
  });

  test('gives more to a tool with more successes', () => {
    const shares = [0, 2, 4, 6].map((successes) => two({ successes, calls: 6 }, { successes: 3, calls: 6 })[0] ?? 0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(new Set(shares).size).toBe(4);
  });

  test('five thousand equal tools share equally', () => {
    const all = thompson(candidates(...Array.from({ length: 5000 }, () => ({ successes: 900, calls: 1000 }))), state(), DEFAULTS);
    expect(Math.min(...all)).toBeCloseTo(1 / 5000, 12);
  });
});

/** P(X > Y) for two Beta variables, by a sum over a fine grid of another kind than the policy's. */
function probabilityGreater(x: readonly [number, number], y: readonly [number, number]): number {
  const grid = 4001;
  const density = ([a, b]: readonly [number, number]) => {
    const masses = Array.from({ length: grid - 1 }, (_, at) => ((at + 1) / grid) ** (a - 1) * (1 - (at + 1) / grid) ** (b - 1));
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    return masses.map((mass) => mass / total);
  };
  const below = density(y);
  let cumulative = 0;
  return density(x).reduce((sum, mass, at) => {
    const won = mass * (cumulative + (below[at] ?? 0) / 2);
    cumulative += below[at] ?? 0;
    return sum + won;
  }, 0);
}
