import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choiceGradient, softmax } from '../../../src/core/choice.ts';
import { LEAST_GRADIENT, LinearModel } from '../../../src/core/selection/linear-model.ts';
import { featuresOfText, type Sparse, TermWeights } from '../../../src/core/selection/text-features.ts';

const TERMS = new TermWeights();
const TOOLS = Int32Array.of(0, 1, 2);
const TEXTS = ['pay by card', 'where is my card', 'send a mail', 'close the account'];

const vector = (text: string): Sparse => TERMS.vector(featuresOfText(text));

function learn(model: LinearModel, text: string, chosen: number, good: boolean): void {
  model.update(vector(text), TOOLS, choiceGradient(softmax(model.logits(vector(text), TOOLS)), chosen, good));
}

function loss(model: LinearModel, text: string, chosen: number, good: boolean): number {
  const p = softmax(model.logits(vector(text), TOOLS))[chosen] ?? 0;
  return -Math.log(good ? p : 1 - p);
}

describe('the linear model', () => {
  test('scores every tool 0 before it has learned', () => {
    expect([...new LinearModel().logits(vector('pay by card'), TOOLS)]).toStrictEqual([0, 0, 0]);
  });

  test('loses less on a choice after a step against its gradient, wherever it stood', () => {
    // One model: what it learned before is any state. Where the gradient is below what is worth a step nothing changes.
    const model = new LinearModel();
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.nat(2), fc.boolean(), (text, chosen, good) => {
        const p = softmax(model.logits(vector(text), TOOLS))[chosen] ?? 0;
        const before = loss(model, text, chosen, good);
        learn(model, text, chosen, good);
        if ((good ? 1 - p : p) > 2 * LEAST_GRADIENT) expect(loss(model, text, chosen, good)).toBeLessThan(before);
        else expect(loss(model, text, chosen, good)).toBeLessThanOrEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  test('learns which request wants which tool, and takes similar ones along', () => {
    const model = new LinearModel();
    for (let round = 0; round < 10; round++) for (const [at, text] of TEXTS.slice(0, 3).entries()) learn(model, text, at, true);
    const best = (text: string) =>
      model.logits(vector(text), TOOLS).reduce((most, logit, at, all) => (logit > (all[most] ?? 0) ? at : most), 0);
    expect(TEXTS.slice(0, 3).map(best)).toStrictEqual([0, 1, 2]);
    expect(best('sending mails')).toBe(2);
  });

  test('keeps the weights of tools apart, in whatever order they are asked about', () => {
    const model = new LinearModel();
    learn(model, 'pay by card', 1, true);
    const [first, second, third] = model.logits(vector('pay by card'), TOOLS);
    expect([...model.logits(vector('pay by card'), Int32Array.of(2, 1, 0))]).toStrictEqual([third, second, first]);
    expect(second).toBeGreaterThan(first ?? 0);
  });

  test('leaves tools alone whose gradient is too small to matter', () => {
    const model = new LinearModel();
    model.update(vector('pay by card'), TOOLS, Float64Array.of(0.9 * LEAST_GRADIENT, -0.9 * LEAST_GRADIENT, -1.1 * LEAST_GRADIENT));
    expect([...model.logits(vector('pay by card'), TOOLS)].map((logit) => logit > 0)).toStrictEqual([false, false, true]);
  });

  test('is the same after save and load', () => {
    const [first, second] = [new LinearModel(), new LinearModel()];
    learn(first, 'pay by card', 1, true);
    second.load(structuredClone(first.save()));
    for (const model of [first, second]) learn(model, 'where is my card', 0, false);
    for (const text of TEXTS) expect(second.logits(vector(text), TOOLS)).toStrictEqual(first.logits(vector(text), TOOLS));
  });
});
