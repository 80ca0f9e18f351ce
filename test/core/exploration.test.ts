import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explorationRate } from '../../src/core/exploration.ts';

const rate = fc.double({ min: 0, max: 1, noNaN: true });
const settings = fc.record({
  exploration_rate: rate,
  exploration_decay: fc.double({ min: 0.5, max: 1, noNaN: true }),
  min_exploration_rate: rate,
});

test('the rate starts at the start, never rises, and stays in [0, start]', () => {
  fc.assert(
    fc.property(settings, fc.nat(5000), (h, k) => {
      expect(explorationRate(0, h)).toBe(h.exploration_rate);
      expect(explorationRate(k + 1, h)).toBeLessThanOrEqual(explorationRate(k, h));
      expect(explorationRate(k, h)).toBeGreaterThanOrEqual(Math.min(h.min_exploration_rate, h.exploration_rate));
    }),
  );
});

test('the rate decays by its factor down to its floor', () => {
  const h = { exploration_rate: 0.5, exploration_decay: 0.9, min_exploration_rate: 0.1 };
  expect(explorationRate(2, h)).toBeCloseTo(0.405, 12);
  expect(explorationRate(1000, h)).toBe(0.1);
});

test('fault 25: a rate of 0 stays 0', () => {
  expect(explorationRate(1, { exploration_rate: 0, exploration_decay: 0.995, min_exploration_rate: 0.01 })).toBe(0);
});
