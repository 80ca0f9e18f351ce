import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combined, hashText } from '../../src/core/hashing.ts';

const HASHES = Array.from({ length: 20_000 }, (_, n) => hashText(`word ${n}`));

describe('the hash of a text', () => {
  test('is an unsigned 32-bit integer that the text alone decides', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = hashText(text);
        expect(hash).toBe(hash >>> 0);
        expect(hashText(`${text}`)).toBe(hash);
      }),
    );
  });

  test('tells texts apart, also those that differ in one letter', () => {
    // 20,000²/2 pairs, one in 2^32 meets: 0.05 expected.
    expect(new Set(HASHES).size).toBeGreaterThanOrEqual(HASHES.length - 2);
    expect(hashText('a')).not.toBe(hashText('b'));
    expect(hashText('ab')).not.toBe(hashText('ba'));
  });

  test.each([0, 8, 16, 24])('spreads evenly over the eight bits from bit %i on', (shift) => {
    const counts = new Array<number>(256).fill(0);
    for (const hash of HASHES) counts[(hash >>> shift) & 255] = (counts[(hash >>> shift) & 255] ?? 0) + 1;
    const expected = HASHES.length / 256;
    const squares = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // χ² of 255 degrees of freedom: mean 255, deviation 22.6.
    expect(squares).toBeLessThan(255 + 5 * 22.6);
  });
});

describe('the hash of a pair', () => {
  test('is an unsigned 32-bit integer that depends on the order', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1), (first, second) => {
        const hash = combined(first, second);
        expect(hash).toBe(hash >>> 0);
        if (first !== second) expect(combined(second, first)).not.toBe(hash);
      }),
    );
  });

  test('tells a pair from its mirror where one number is the other’s negative', () => {
    for (let n = 1; n < 1_000; n++) expect(combined(n, 2 ** 32 - n)).not.toBe(combined(2 ** 32 - n, n));
  });

  test('tells pairs apart', () => {
    const pairs = HASHES.slice(0, 100).flatMap((first) => HASHES.slice(0, 100).map((second) => combined(first, second)));
    expect(new Set(pairs).size).toBeGreaterThanOrEqual(pairs.length - 2);
  });

  test('changes half of its bits with any bit of either part', () => {
    const bits = (x: number) => x.toString(2).replaceAll('0', '').length;
    for (let bit = 0; bit < 32; bit++) {
      const [first, second] = [0, 1].map((part) =>
        HASHES.slice(0, 200).reduce((sum, hash) => {
          const changed =
            part === 0 ? combined(hash ^ (1 << bit), 77) ^ combined(hash, 77) : combined(77, hash ^ (1 << bit)) ^ combined(77, hash);
          return sum + bits(changed >>> 0) / 200;
        }, 0),
      );
      // The mean of 200 binomials of 32 and 1/2: deviation 0.2.
      expect(Math.abs((first ?? 0) - 16)).toBeLessThan(1.5);
      expect(Math.abs((second ?? 0) - 16)).toBeLessThan(1.5);
    }
  });
});
