import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/core/hyperparameters.ts';
import { backoff } from '../../../src/core/rankers/backoff.ts';
import type { Cell } from '../../../src/core/rankers/evidence.ts';
import { RANKER_NAMES, rankerByName } from '../../../src/core/rankers/ranker-by-name.ts';
import { reference } from '../../../src/core/rankers/reference.ts';
import { NEVER_CALLED } from './learner.ts';

test('the parts sum to the score, clamped and rounded as it is', () => {
  const anyTool = fc.record({
    calls: fc.nat(20),
    successes: fc.nat(20),
    stars: fc.nat(5),
    time: fc.nat(5000),
    q: fc.double({ noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(anyTool, { maxLength: 10 }), (all) => {
      const tools = all.map(({ calls, successes, stars, time, q }) => {
        const exact: Cell = { q_value: q, success_rate: 1, visit_count: 1 };
        const success_count = Math.min(successes, calls);
        return {
          ...NEVER_CALLED,
          total_calls: calls,
          success_count,
          rated_calls: 1,
          rating_sum: stars,
          timed_calls: 1,
          total_time_ms: time,
          exact,
        };
      });
      for (const { score, parts } of reference({ tools }, DEFAULTS)) {
        expect(parts.reduce((sum, part) => sum + part.value, 0)).toBeCloseTo(score, 12);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('keeps the faults that the default ranker mends: one lucky call outranks 160 of 200', () => {
  const lucky = { ...NEVER_CALLED, tool_name: 'lucky', total_calls: 1, success_count: 1 };
  const proven = { ...NEVER_CALLED, tool_name: 'proven', total_calls: 200, success_count: 160 };
  const situation = { tools: [proven, lucky] };
  expect(reference(situation, DEFAULTS)[0]?.tool_name).toBe('lucky');
  expect(backoff(situation, DEFAULTS)[0]?.tool_name).toBe('proven');
});

test('rankers are found by name', () => {
  expect(RANKER_NAMES).toEqual(['learned', 'backoff', 'reference']);
  expect([rankerByName('backoff'), rankerByName('reference')]).toEqual([backoff, reference]);
});
