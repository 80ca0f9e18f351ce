import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choiceGradient, EXACT, softmax } from '../../src/core/choice.ts';

const UNCAPPED = { ...EXACT, cap: 1 };

const logits = (size: number) =>
  fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: 2, maxLength: 7 }).map((numbers) => Float64Array.from(numbers));

/** Logits and the position of one of them. */
const choice = (size: number) => logits(size).chain((of) => fc.tuple(fc.constant(of), fc.nat(of.length - 1)));

function loss(of: Float64Array, chosen: number, good: boolean): number {
  const p = softmax(of)[chosen] ?? 0;
  return -Math.log(good ? p : 1 - p);
}

function numericalGradient(of: Float64Array, chosen: number, good: boolean): Float64Array {
  const nudged = (at: number, by: number) => of.map((logit, other) => (other === at ? logit + by : logit));
  return of.map((_, at) => (loss(nudged(at, 1e-5), chosen, good) - loss(nudged(at, -1e-5), chosen, good)) / 2e-5);
}

function total(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

describe('softmax', () => {
  test('is a probability for each score, however large they are', () => {
    fc.assert(
      fc.property(logits(1e4), (of) => {
        const p = softmax(of);
        expect(p.every((q) => q >= 0 && q <= 1)).toBe(true);
        expect(total(p)).toBeCloseTo(1, 12);
      }),
    );
  });

  test('overflows neither for the largest scores nor for the smallest', () => {
    expect([...softmax(Float64Array.of(1e4, -1e4, 1e4))]).toStrictEqual([0.5, 0, 0.5]);
    expect([...softmax(Float64Array.of(-1e4, -1e4))]).toStrictEqual([0.5, 0.5]);
  });

  test('gives odds of e to the difference of the scores', () => {
    fc.assert(
      fc.property(logits(20), (of) => {
        const p = softmax(of);
        const [first = 0, second = 0] = of;
        expect(Math.log((p[0] ?? 0) / (p[1] ?? 0))).toBeCloseTo(first - second, 9);
      }),
    );
  });

  test('of no scores is empty', () => {
    expect(softmax(new Float64Array(0))).toHaveLength(0);
  });
});

describe('the gradient of a choice', () => {
  test('is the derivative of −ln p of a good one', () => {
    fc.assert(
      fc.property(choice(4), ([of, chosen]) => {
        const expected = numericalGradient(of, chosen, true);
        for (const [at, g] of choiceGradient(softmax(of), chosen, true).entries()) expect(g).toBeCloseTo(expected[at] ?? Number.NaN, 6);
      }),
    );
  });

  test('is the derivative of −ln(1 − p) of one that was not, exactly so below the cap', () => {
    fc.assert(
      fc.property(choice(4), ([of, chosen]) => {
        const p = softmax(of);
        const expected = numericalGradient(of, chosen, false);
        const shape = (p[chosen] ?? 0) <= EXACT.cap ? EXACT : UNCAPPED;
        for (const [at, g] of choiceGradient(p, chosen, false, shape).entries()) {
          expect(Math.abs(g - (expected[at] ?? Number.NaN))).toBeLessThan(1e-5);
        }
      }),
    );
  });

  test('sums to 0, so that what one candidate loses the others gain', () => {
    fc.assert(
      fc.property(choice(8), fc.boolean(), ([of, chosen], good) => {
        expect(Math.abs(total(choiceGradient(softmax(of), chosen, good)))).toBeLessThan(1e-6);
      }),
    );
  });

  test('pushes a choice that was sure and failed no harder than the cap', () => {
    const gradient = choiceGradient(softmax(Float64Array.of(8, 0, 0)), 0, false, { weight: 3, cap: 0.25, spread: 1 });
    expect(gradient[0]).toBeCloseTo(0.75, 12);
    expect(gradient[1]).toBeCloseTo(-0.375, 9);
  });

  test('gives the others only their spread', () => {
    const p = softmax(Float64Array.of(0, 0, 0, 0));
    const whole = choiceGradient(p, 2, false, { ...EXACT, spread: 1 });
    const part = choiceGradient(p, 2, false, { ...EXACT, spread: 0.3 });
    expect(part[2]).toBe(whole[2]);
    for (const at of [0, 1, 3]) expect(part[at]).toBeCloseTo(0.3 * (whole[at] ?? 0), 12);
  });

  test('stays finite when the one that failed had all the probability', () => {
    const gradient = choiceGradient(softmax(Float64Array.of(1e4, -1e4)), 0, false);
    expect([...gradient]).toStrictEqual([0.5, -0]);
  });
});
