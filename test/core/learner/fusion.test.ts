import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { softmax } from '../../../src/core/choice.ts';
import { Fusion, type Judgement } from '../../../src/core/learner/fusion.ts';
import { SITUATIONS } from '../../../src/core/learner/moment.ts';
import { seededUniform } from '../../../src/core/random.ts';

const COLUMNS = [
  { name: 'firm', weight: 1, least: 0.5 },
  { name: 'free', weight: 0.5 },
  { name: 'new', weight: 0 },
];
const WIDTH = COLUMNS.length;

function judged(fusion: Fusion, rows: readonly (readonly number[])[], situation = 0): Judgement {
  const flat = Float64Array.from(rows.flat());
  return { rows: flat, scores: fusion.scores(flat, situation), situation };
}

function learn(fusion: Fusion, rows: readonly (readonly number[])[], chosen: number, good = true, situation = 0, seed = 1): void {
  fusion.learn(judged(fusion, rows, situation), chosen, good, seededUniform(seed));
}

const row = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: WIDTH, maxLength: WIDTH });
const choice = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 5 }),
  at: fc.nat(4),
  good: fc.boolean(),
  situation: fc.nat(SITUATIONS.length - 1),
});
const choices = fc.array(choice, { maxLength: 30 });

function taught(of: typeof choices extends fc.Arbitrary<infer T> ? T : never): Fusion {
  const fusion = new Fusion(COLUMNS);
  for (const [seed, { rows, at, good, situation }] of of.entries()) learn(fusion, rows, at % rows.length, good, situation, seed);
  return fusion;
}

describe('the fusion', () => {
  test('starts from the weights of its columns, in every situation', () => {
    const fusion = new Fusion(COLUMNS);
    for (const situation of SITUATIONS.keys()) expect([...fusion.weights(situation)]).toStrictEqual([1, 0.5, 0]);
  });

  test('never undercuts the least weight of a column, whatever it learns', () => {
    fc.assert(
      fc.property(choices, (past) => {
        const fusion = taught(past);
        for (const weight of fusion.weightsOf(0)) expect(weight).toBeGreaterThanOrEqual(0.5);
      }),
    );
  });

  test('would undercut it without the bound: a column without one falls below 0 on the same examples', () => {
    const fusion = new Fusion(COLUMNS);
    for (let n = 0; n < 60; n++)
      learn(
        fusion,
        [
          [0, -1, 0],
          [0, 1, 0],
        ],
        0,
      );
    expect(fusion.weightsOf(1)[0]).toBeLessThan(0);
    for (let n = 0; n < 60; n++)
      learn(
        fusion,
        [
          [-1, 0, 0],
          [1, 0, 0],
        ],
        0,
      );
    expect(fusion.weightsOf(0)[0]).toBeGreaterThanOrEqual(0.5);
    expect(fusion.weightsOf(0)[0]).toBeLessThan(0.51);
  });

  test('gives parts that sum to the score of each candidate', () => {
    fc.assert(
      fc.property(choices, choice, (past, { rows, situation }) => {
        const fusion = taught(past);
        const judgement = judged(fusion, rows, situation);
        for (const at of rows.keys()) {
          const sum = fusion.parts(judgement, at).reduce((total, part) => total + part, 0);
          expect(Math.abs(sum - (judgement.scores[at] ?? Number.NaN))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test('makes a good choice likelier and a bad one less likely', () => {
    const rows = [
      [0, 0, 1],
      [0, 0, 0],
      [0, 1, 0],
    ];
    for (const good of [true, false]) {
      const fusion = new Fusion(COLUMNS);
      const before = softmax(judged(fusion, rows).scores)[0] ?? 0;
      learn(fusion, rows, 0, good);
      const after = softmax(judged(fusion, rows).scores)[0] ?? 0;
      expect(Math.sign(after - before)).toBe(good ? 1 : -1);
    }
  });

  test('learns an offset of its own for each situation', () => {
    const fusion = new Fusion(COLUMNS);
    for (let n = 0; n < 40; n++) {
      learn(
        fusion,
        [
          [0, 0, 1],
          [0, 0, 0],
        ],
        0,
        true,
        0,
        n,
      );
      learn(
        fusion,
        [
          [0, 0, 1],
          [0, 0, 0],
        ],
        1,
        true,
        1,
        n,
      );
    }
    const [first = 0, second = 0] = fusion.weightsOf(2);
    expect(first).toBeGreaterThan(0.5);
    expect(second).toBeLessThan(-0.5);
  });

  test('is pulled back to its start where the examples say nothing', () => {
    const fusion = new Fusion(COLUMNS);
    const { weights, squares } = structuredClone(fusion.save());
    fusion.load({ weights: weights.map((weight) => weight + 2), squares, memories: [] });
    let away = Infinity;
    for (let n = 0; n < 40; n++) {
      learn(
        fusion,
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
        0,
      );
      const now = Math.abs((fusion.weightsOf(1)[0] ?? Number.NaN) - 0.5);
      expect(now).toBeLessThan(away);
      away = now;
    }
    expect(away).toBeLessThan(4);
  });

  test('stays where it started when the examples say nothing', () => {
    const fusion = new Fusion(COLUMNS);
    for (let n = 0; n < 40; n++)
      learn(
        fusion,
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
        0,
      );
    expect([...fusion.weights(0)]).toStrictEqual([1, 0.5, 0]);
  });

  test('keeps a bounded number of choices, of each the chosen and the strongest others', () => {
    const fusion = new Fusion(COLUMNS);
    const rows = Array.from({ length: 40 }, (_, at) => [0, 0, at]);
    for (let n = 0; n < 600; n++) learn(fusion, n === 599 ? rows : rows.slice(0, 2), 3 % (n === 599 ? 40 : 2), true, 2, n);
    const { memories } = fusion.save();
    expect(memories).toHaveLength(500);
    const large = memories.filter((memory) => memory.rows.length > 2 * WIDTH);
    expect(large.map((memory) => memory.rows.length / WIDTH)).toStrictEqual([32]);
    const kept = Array.from({ length: 32 }, (_, at) => large[0]?.rows[at * WIDTH + 2]);
    expect(kept[0]).toBe(3);
    expect([...kept.slice(1)].sort((a = 0, b = 0) => a - b)).toStrictEqual(Array.from({ length: 31 }, (_, at) => 9 + at));
  });

  test('goes on as before after save and load', () => {
    fc.assert(
      fc.property(choices, choices, (before, after) => {
        const first = taught(before);
        const second = new Fusion(COLUMNS);
        second.load(structuredClone(first.save()));
        for (const [seed, { rows, at, good, situation }] of after.entries()) {
          for (const fusion of [first, second]) learn(fusion, rows, at % rows.length, good, situation, seed);
        }
        expect(second.save()).toStrictEqual(first.save());
      }),
      { numRuns: 30 },
    );
  });
});
