import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SimilarFailures, strongest } from '../../../src/core/selection/similar-failures.ts';
import { featuresOfText, type Sparse, TermWeights } from '../../../src/core/selection/text-features.ts';

const CAPACITY = 10_000;
const TOOLS = Int32Array.of(0, 1, 2);
const TERMS = new TermWeights();
const vector = (text: string): Sparse => TERMS.vector(featuresOfText(text));

const PARCEL = vector('where is my parcel');

/** A request of its own words, so that it shares nothing with another but what it is given. */
function made(...hashes: readonly number[]): Sparse {
  return { hashes: Int32Array.from(hashes), values: Float32Array.from(hashes, () => 1 / Math.sqrt(hashes.length)) };
}

describe('similar failures', () => {
  test('rule nothing out before anything failed', () => {
    expect([...new SimilarFailures().notRuledOut(PARCEL, TOOLS)]).toStrictEqual([0, 0, 0]);
  });

  test('rule a tool out that failed for nearly the same request, not the others, nor for another request', () => {
    const failures = new SimilarFailures();
    failures.remember(0, PARCEL, 1, false);
    const [first, second, third] = failures.notRuledOut(vector('where is my parcel now'), TOOLS);
    expect([first, third]).toStrictEqual([0, 0]);
    expect(second).toBeLessThan(Math.log(0.5));
    expect(failures.notRuledOut(vector('lend $$ kg'), TOOLS)[1]).toBeGreaterThan(-0.05);
  });

  test('rule out more with every failure, and less the less alike the request is', () => {
    const failures = new SimilarFailures();
    const course = [1, 2, 3].map(() => {
      failures.remember(0, PARCEL, 1, false);
      return failures.notRuledOut(PARCEL, TOOLS)[1] ?? 0;
    });
    expect(course[1]).toBeCloseTo(2 * (course[0] ?? 0), 9);
    expect(course[2]).toBeCloseTo(3 * (course[0] ?? 0), 9);
    const alike = ['where is my parcel', 'where is my parcel from Paris', 'a parcel for Paris', 'holiday'];
    const ruledOut = alike.map((text) => failures.notRuledOut(vector(text), TOOLS)[1] ?? 0);
    expect(ruledOut).toStrictEqual([...ruledOut].sort((a, b) => a - b));
  });

  test('spare a tool that succeeded for similar requests, each success more', () => {
    const failures = new SimilarFailures();
    for (let n = 0; n < 3; n++) failures.remember(0, PARCEL, 1, false);
    const before = failures.notRuledOut(PARCEL, TOOLS)[1] ?? 0;
    failures.remember(0, PARCEL, 1, true);
    const after = failures.notRuledOut(PARCEL, TOOLS)[1] ?? 0;
    failures.remember(0, vector('is my parcel here'), 1, true);
    expect(after).toBeGreaterThan(before);
    expect(failures.notRuledOut(PARCEL, TOOLS)[1]).toBeGreaterThan(after);
    failures.remember(0, PARCEL, 0, true);
    expect(failures.notRuledOut(PARCEL, TOOLS)[0]).toBe(0);
  });

  test('say the same of a tool wherever it stands, and when it is given twice', () => {
    const failures = new SimilarFailures();
    failures.remember(0, PARCEL, 1, false);
    const once = failures.notRuledOut(PARCEL, TOOLS)[1] ?? Number.NaN;
    expect([...failures.notRuledOut(PARCEL, Int32Array.of(1, 0))]).toStrictEqual([once, 0]);
    expect([...failures.notRuledOut(PARCEL, Int32Array.of(1, 0, 1))]).toStrictEqual([once, 0, once]);
  });

  test('are asked without being changed', () => {
    const failures = new SimilarFailures();
    failures.remember(0, PARCEL, 1, false);
    const first = failures.notRuledOut(PARCEL, TOOLS);
    failures.notRuledOut(vector('a parcel'), TOOLS);
    expect(failures.notRuledOut(PARCEL, TOOLS)).toStrictEqual(first);
  });

  test('are forgotten in the order they came: 12,000 calls leave what the last 10,000 would have', () => {
    // Four words a request out of 97, so that each word leads to about 412 of the 10,000 calls: below the 500 it may lead to.
    const requestOf = (call: number) =>
      made(...[0, 1, 2, 3].map((at) => (call * (at + 3) + at * at) % 97).filter((hash, at, all) => all.indexOf(hash) === at));
    const [all, last] = [new SimilarFailures(), new SimilarFailures()];
    for (let call = 0; call < 12_000; call++) {
      all.remember(call, requestOf(call), call % 3, call % 7 === 0);
      if (call >= 12_000 - CAPACITY) last.remember(call, requestOf(call), call % 3, call % 7 === 0);
    }
    const saved = all.save();
    expect(saved.tools).toHaveLength(CAPACITY);
    for (let call = 0; call < 40; call++) {
      const [of_all, of_last] = [all, last].map((failures) => failures.notRuledOut(requestOf(call * 31), TOOLS));
      for (const at of TOOLS) expect(of_all?.[at]).toBeCloseTo(of_last?.[at] ?? Number.NaN, 6);
    }
  });

  test('of words that no call of the last 10,000 held are none', () => {
    const failures = new SimilarFailures();
    for (let call = 0; call < 50; call++) failures.remember(call, made(1, 2), 0, false);
    for (let call = 0; call < CAPACITY; call++) failures.remember(call, made(3 + (call % 50), 60), 0, false);
    expect([...failures.notRuledOut(made(1, 2), TOOLS)]).toStrictEqual([0, 0, 0]);
    expect(failures.notRuledOut(made(3), TOOLS)[0]).toBeLessThan(0);
  });

  test('are the same after save and load', () => {
    const call = fc.tuple(fc.constantFrom('pay by card', 'where is my card', 'close the account'), fc.nat(2), fc.boolean());
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), fc.array(call, { maxLength: 6 }), (before, after) => {
        const [first, second] = [new SimilarFailures(), new SimilarFailures()];
        for (const [text, tool, success] of before) first.remember(0, vector(text), tool, success);
        second.load(structuredClone(first.save()));
        for (const [text, tool, success] of after)
          for (const failures of [first, second]) failures.remember(0, vector(text), tool, success);
        expect(second.notRuledOut(vector('my card'), TOOLS)).toStrictEqual(first.notRuledOut(vector('my card'), TOOLS));
      }),
      { numRuns: 12 },
    );
  });
});

describe('the strongest features', () => {
  test('are the greatest, the earlier of equal ones, as a vector of length 1', () => {
    const { hashes, values } = strongest({ hashes: Int32Array.of(9, 8, 7, 6), values: Float32Array.of(1, 3, 1, 4) }, 3);
    expect([...hashes]).toStrictEqual([6, 8, 9]);
    expect(Math.hypot(...values)).toBeCloseTo(1, 6);
    expect([...strongest({ hashes: Int32Array.of(9, 8), values: Float32Array.of(3, 4) }, 3).values]).toEqual([
      Math.fround(0.6),
      Math.fround(0.8),
    ]);
  });
});
