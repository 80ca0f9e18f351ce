import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Calibration } from '../../../src/core/learner/calibration.ts';
import { seededUniform } from '../../../src/core/random.ts';
import { logistic } from '../../../src/core/statistics.ts';

type Truth = (p: number) => number;

const GRID = Array.from({ length: 101 }, (_, at) => at / 100);
const OVERCONFIDENT: Truth = (p) => logistic(0.4 * Math.log(p / (1 - p)) - 0.5);
const UNDERCONFIDENT: Truth = (p) => logistic(2 * Math.log(p / (1 - p)) + 0.3);

/** Probabilities as a ranker foretells them, near 0 and 1 more often than between, and whether they came true. */
function* foretold(count: number, truth: Truth, seed: number): Generator<{ p: number; hit: boolean }> {
  const uniform = seededUniform(seed);
  for (let n = 0; n < count; n++) {
    const p = logistic(8 * (uniform() - 0.5));
    yield { p, hit: uniform() < truth(p) };
  }
}

function taught(count: number, truth: Truth, calibration = new Calibration()): Calibration {
  for (const { p, hit } of foretold(count, truth, 11)) calibration.observe(p, hit);
  return calibration;
}

/** Expected calibration error over ten equal bins. Source: Guo et al. 2017, section 2. */
function calibrationError(confidence: Truth, truth: Truth): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, hits: 0, sum: 0 }));
  for (const { p, hit } of foretold(20_000, truth, 12)) {
    const bin = bins[Math.min(9, Math.floor(10 * confidence(p)))];
    if (bin !== undefined) Object.assign(bin, { count: bin.count + 1, hits: bin.hits + Number(hit), sum: bin.sum + confidence(p) });
  }
  return bins.reduce((error, { hits, sum }) => error + Math.abs(hits - sum) / 20_000, 0);
}

describe('the calibration', () => {
  test('trusts nothing above one half before it has seen outcomes, and changes nothing below', () => {
    for (const p of GRID) expect(new Calibration().confidence(p)).toBeCloseTo(Math.min(p, 0.5), 4);
  });

  test('is never surer than the outcomes are many', () => {
    expect(taught(8, () => 1).confidence(1)).toBeCloseTo(9 / 10, 6);
  });

  test.each([
    ['overconfident', OVERCONFIDENT],
    ['underconfident', UNDERCONFIDENT],
  ])('brings the error of %s probabilities below 0.05', (_, truth) => {
    const calibration = taught(1_500, truth);
    expect(calibrationError((p) => p, truth)).toBeGreaterThan(0.08);
    expect(calibrationError((p) => calibration.confidence(p), truth)).toBeLessThan(0.05);
  });

  test('lets probabilities alone that are right', () => {
    const calibration = taught(1_500, (p) => p);
    expect(
      calibrationError(
        (p) => calibration.confidence(p),
        (p) => p,
      ),
    ).toBeLessThan(0.03);
  });

  test('follows when what the probabilities are worth changes', () => {
    const calibration = taught(1_600, OVERCONFIDENT, taught(1_600, UNDERCONFIDENT));
    expect(calibrationError((p) => calibration.confidence(p), OVERCONFIDENT)).toBeLessThan(0.05);
  });

  test('is a probability that grows with the one foretold, whatever the outcomes were', () => {
    const outcome = fc.record({ p: fc.double({ min: 0, max: 1, noNaN: true }), hit: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 40 }), (outcomes) => {
        const calibration = new Calibration();
        for (let n = 0; n < 144; n++)
          calibration.observe(outcomes[n % outcomes.length]?.p ?? 0, outcomes[n % outcomes.length]?.hit ?? false);
        const confidences = GRID.map((p) => calibration.confidence(p));
        for (const [at, confidence] of confidences.entries()) {
          expect(confidence).toBeGreaterThanOrEqual(confidences[at - 1] ?? 0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('after certainties that failed, as of an only candidate, says less of them and never more of what is less likely', () => {
    const calibration = new Calibration();
    for (let failures = 1; failures <= 240; failures++) {
      calibration.observe(1, false);
      expect(calibration.confidence(0.1)).toBeLessThanOrEqual(calibration.confidence(0.9));
      expect(calibration.confidence(0.1)).toBeLessThan(0.5);
    }
    expect(calibration.confidence(1)).toBeLessThan(0.2);
  });

  test('goes on as before after save and load', () => {
    const first = taught(1_530, OVERCONFIDENT);
    const second = new Calibration();
    second.load(structuredClone(first.save()));
    for (const calibration of [first, second]) taught(100, UNDERCONFIDENT, calibration);
    expect(second.save()).toStrictEqual(first.save());
    expect(second.confidence(0.3)).toBe(first.confidence(0.3));
  });
});
