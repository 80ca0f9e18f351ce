import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choiceGradient, softmax } from '../../src/core/choice.ts';
import { type Features, HashedSoftmax } from '../../src/core/hashed-softmax.ts';
import { hashText } from '../../src/core/hashing.ts';

const ROWS = ['a', 'b', 'c'].map(hashText);

function features(...names: string[]): Features {
  return { hashes: Int32Array.from(names, hashText), values: Float32Array.from(names, (_, at) => 1 / (1 + at)) };
}

function logitsOf(model: HashedSoftmax, of: Features): Float64Array {
  return Float64Array.from(ROWS, (row) => model.logit(of, row, 0, of.hashes.length));
}

function learn(model: HashedSoftmax, of: Features, chosen: number, good: boolean): void {
  const gradient = choiceGradient(softmax(logitsOf(model, of)), chosen, good);
  for (const [at, g] of gradient.entries()) model.descend(of, ROWS[at] ?? 0, 0, of.hashes.length, g);
}

function loss(model: HashedSoftmax, of: Features, chosen: number, good: boolean): number {
  const p = softmax(logitsOf(model, of))[chosen] ?? 0;
  return -Math.log(good ? p : 1 - p);
}

const choices = fc.array(fc.tuple(fc.nat(9), fc.nat(2), fc.boolean()), { minLength: 1, maxLength: 12 });

describe('the hashed softmax', () => {
  test('gives every row the same score before it has learned', () => {
    expect([...logitsOf(new HashedSoftmax(), features('x', 'y'))]).toStrictEqual([0, 0, 0]);
  });

  test('loses less on a choice after a step against its gradient, wherever it stood', () => {
    fc.assert(
      fc.property(choices, fc.nat(9), fc.nat(2), fc.boolean(), (past, word, chosen, good) => {
        const model = new HashedSoftmax();
        for (const [of, row, went_well] of past) learn(model, features(`word ${of}`, 'every time'), row, went_well);
        const here = features(`word ${word}`, 'every time');
        const before = loss(model, here, chosen, good);
        learn(model, here, chosen, good);
        expect(loss(model, here, chosen, good)).toBeLessThan(before);
      }),
      { numRuns: 60 },
    );
  });

  test('learns which feature wants which row', () => {
    const model = new HashedSoftmax();
    for (let round = 0; round < 30; round++)
      for (const [at, word] of ['x', 'y', 'z'].entries()) learn(model, features(word, 'shared'), at, true);
    for (const [at, word] of ['x', 'y', 'z'].entries()) expect(softmax(logitsOf(model, features(word, 'shared')))[at]).toBeGreaterThan(0.8);
  });

  test('takes shorter steps as a weight is seen more', () => {
    const model = new HashedSoftmax();
    const one = features('x');
    const steps = [1, 2, 3, 4].map(() => {
      const before = model.logit(one, 5, 0, 1);
      model.descend(one, 5, 0, 1, 1);
      return before - model.logit(one, 5, 0, 1);
    });
    for (const [at, step] of steps.entries()) expect(step).toBeLessThan(steps[at - 1] ?? Infinity);
    expect(steps.at(-1)).toBeGreaterThan(0);
  });

  test('touches only the features from the first up to the end', () => {
    const model = new HashedSoftmax();
    const three = features('x', 'y', 'z');
    model.descend(three, 5, 1, 2, -1);
    const each = [0, 1, 2].map((f) => model.logit(three, 5, f, f + 1));
    expect(each[1]).toBeGreaterThan(0);
    expect([each[0], each[2]]).toStrictEqual([0, 0]);
    expect(model.logit(three, 5, 0, 3)).toBe(each[1]);
  });

  test('is the same after save and load', () => {
    const [first, second] = [new HashedSoftmax(), new HashedSoftmax()];
    learn(first, features('x', 'y'), 1, true);
    second.load(structuredClone(first.save()));
    for (const model of [first, second]) learn(model, features('y', 'z'), 0, false);
    expect(logitsOf(second, features('x', 'y', 'z'))).toStrictEqual(logitsOf(first, features('x', 'y', 'z')));
  });
});
