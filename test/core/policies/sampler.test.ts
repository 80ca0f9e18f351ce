import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sample } from '../../../src/core/policies/sampler.ts';
import { seededUniform } from '../../../src/core/random.ts';

test('draws each position as often as its probability says', () => {
  const probabilities = [0.5, 0, 0.2, 0.3];
  const uniform = seededUniform(7);
  const counts = [0, 0, 0, 0];
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    const at = sample(probabilities, uniform());
    counts[at] = (counts[at] ?? 0) + 1;
  }
  for (const [at, p] of probabilities.entries()) {
    expect(Math.abs((counts[at] ?? 0) / draws - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / draws));
  }
});

test('never draws a position without probability, even when rounding leaves the sum under the number drawn', () => {
  const almostOne = 1 - 2 ** -53;
  expect(sample([0, 0.3, 0.3, 0.3, 0], almostOne)).toBe(3);
  expect(sample([0, 1], 0)).toBe(1);
});

test('the position drawn always has a probability above 0', () => {
  const weights = fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }).filter((all) => all.some((weight) => weight > 0));
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (all, u) => {
      const total = all.reduce((sum, weight) => sum + weight, 0);
      expect(
        all[
          sample(
            all.map((weight) => weight / total),
            u,
          )
        ],
      ).toBeGreaterThan(0);
    }),
  );
});

test('says -1 when there is nothing to draw', () => {
  expect(sample([], 0.5)).toBe(-1);
});
