import type { Uniform } from './types.ts';

const TWO_32 = 2 ** 32;
const GOLDEN_RATIO = 0x9e3779b9;

/** Different starts keep the four words of the state apart; digits of pi, so that nothing is chosen. */
const LANES: readonly [number, number, number, number] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];

const WARM_UP = 12;

/**
 * A stream of uniform numbers that the parts of the seed determine: the same parts give the same stream.
 * sfc32 (Doty-Humphrey, PractRand: 128 bits of state, period at least 2^32), its state mixed from all parts by splitmix32.
 * @param seed safe integers; every part matters, and so does their order
 * @returns multiples of 2^−32 in [0, 1)
 */
export function seededUniform(...seed: readonly number[]): Uniform {
  let [a, b, c, counter] = LANES.map((lane) => mixed(lane, seed)) as [number, number, number, number];
  const next = (): number => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / TWO_32;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  return next;
}

function mixed(lane: number, seed: readonly number[]): number {
  const halves = seed.flatMap((part) => [part | 0, Math.floor(part / TWO_32) | 0]);
  return halves.reduce((state, half) => splitmix32(state ^ half), lane);
}

function splitmix32(state: number): number {
  const sum = (state + GOLDEN_RATIO) | 0;
  const first = Math.imul(sum ^ (sum >>> 16), 0x21f0aaad);
  const second = Math.imul(first ^ (first >>> 15), 0x735a2d97);
  return second ^ (second >>> 15);
}
