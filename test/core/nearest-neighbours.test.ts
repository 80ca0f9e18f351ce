import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/core/nearest-neighbours.ts';

const scored = fc.uniqueArray(fc.record({ document: fc.nat(99), score: fc.integer({ min: 1, max: 12 }) }), {
  selector: ({ document }) => document,
  maxLength: 60,
});

describe('the nearest', () => {
  test('are the first of a full sort by score, then by number, of those that are allowed', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 5 }), (all, count, divisor) => {
        const scores = new Float64Array(100);
        for (const { document, score } of all) scores[document] = score;
        const allowed = (document: number) => document % divisor === 0;
        const sorted = all.filter(({ document }) => allowed(document)).sort((a, b) => b.score - a.score || a.document - b.document);
        const documents = all.map(({ document }) => document);
        expect(nearest(scores, documents, count, allowed)).toEqual(sorted.slice(0, count));
      }),
      { numRuns: 300 },
    );
  });

  test('of nothing are none', () => {
    expect(nearest([], [], 5, () => true)).toStrictEqual([]);
  });
});
