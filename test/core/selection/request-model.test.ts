import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { softmax } from '../../../src/core/choice.ts';
import { hashText } from '../../../src/core/hashing.ts';
import { RequestModel } from '../../../src/core/selection/request-model.ts';

const NAMES = ['a', 'b', 'c'];
const TOOLS = NAMES.map(hashText);

function teach(model: RequestModel, query: string, name: string, success: boolean): void {
  model.admit(TOOLS);
  model.learn(model.read(query, TOOLS), 0, NAMES.indexOf(name), success);
}

function probabilities(model: RequestModel, query: string): Float64Array {
  return softmax(model.read(query, TOOLS).logits);
}

function best(model: RequestModel, query: string): string | undefined {
  const p = probabilities(model, query);
  return NAMES[p.indexOf(Math.max(...p))];
}

describe('the request model', () => {
  test('before any call ranks by description', () => {
    const model = new RequestModel();
    for (const [at, text] of ['weather forecast', 'bank transfer', 'send an email'].entries()) model.register(TOOLS[at] ?? 0, text);
    expect(best(model, 'transfer money to my bank')).toBe('b');
    expect(best(model, 'what will the weather be')).toBe('a');
  });

  test('after a success takes similar requests to that tool', () => {
    const model = new RequestModel();
    teach(model, 'where is my parcel', 'c', true);
    expect(best(model, 'has my parcel been sent')).toBe('c');
  });

  test('after a failure turns similar requests to the others', () => {
    const model = new RequestModel();
    teach(model, 'where is my parcel', 'a', false);
    const [a = 0, b = 0, c = 0] = probabilities(model, 'where is the parcel');
    expect(a).toBeLessThan(Math.min(b, c));
    expect(model.notRuledOut(model.read('where is the parcel', TOOLS))[0]).toBeLessThan(0);
  });

  test('turns from a tool that had worked within five failures', () => {
    const model = new RequestModel();
    for (let call = 0; call < 20; call++) teach(model, 'where is my parcel', 'a', true);
    expect(best(model, 'where is my parcel')).toBe('a');
    for (let call = 0; call < 5; call++) teach(model, 'where is my parcel', 'a', false);
    expect(best(model, 'where is my parcel')).not.toBe('a');
  });

  test('makes a tool start anew whose successes collapse, and no longer trusts what it says of itself', () => {
    const model = new RequestModel();
    model.register(TOOLS[0] ?? 0, 'finds a parcel');
    for (let call = 0; call < 20; call++) teach(model, 'find my parcel', 'a', true);
    expect(model.read('find my parcel', TOOLS).tools[0]).toMatchObject({ successes: 20, distrusted: false });
    for (let call = 0; call < 8; call++) teach(model, 'find my parcel', 'a', false);
    const { tools, matches } = model.read('find my parcel', TOOLS);
    expect(tools[0]).toMatchObject({ successes: 0, distrusted: true });
    expect(matches[0]).toBe(0);
    expect(tools[1]?.distrusted).toBe(false);
  });

  test('finds by failures alone which of the tools a request wants', () => {
    const model = new RequestModel();
    for (let call = 0; call < 6; call++) for (const name of ['a', 'b']) teach(model, 'where is my parcel', name, false);
    expect(probabilities(model, 'where is my parcel')[2]).toBeGreaterThan(0.5);
  });

  test('admits a tool once', () => {
    const model = new RequestModel();
    expect([model.admit(TOOLS), model.admit(TOOLS), model.admit([...TOOLS, 7])]).toStrictEqual([true, false, true]);
    expect([...model.read('', [...TOOLS, 7]).numbers]).toStrictEqual([0, 1, 2, 3]);
  });

  test('is read without being changed, and reads of a tool that it never saw', () => {
    const model = new RequestModel();
    teach(model, 'where is my parcel', 'a', true);
    const before = probabilities(model, 'where is my parcel');
    expect(model.read('something else', [4, 5]).tools.map(({ number }) => number)).toStrictEqual([-1, -1]);
    expect(probabilities(model, 'where is my parcel')).toStrictEqual(before);
  });

  test('goes on as before after save and load', () => {
    const call = fc.tuple(
      fc.constantFrom('pay by card', 'where is my card', 'close the account', ''),
      fc.constantFrom(...NAMES),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), fc.array(call, { maxLength: 20 }), (before, after) => {
        const [first, second] = [new RequestModel(), new RequestModel()];
        for (const model of [first, second]) model.register(TOOLS[1] ?? 0, 'pays by card');
        for (const [query, name, success] of before) teach(first, query, name, success);
        second.load(deserialize(serialize(first.save())));
        for (const [query, name, success] of after) for (const model of [first, second]) teach(model, query, name, success);
        const [one, other] = [first, second].map((model) => model.read('pay my card', TOOLS));
        expect(other).toStrictEqual(one);
        expect(second.notRuledOut(second.read('my card', TOOLS))).toStrictEqual(first.notRuledOut(first.read('my card', TOOLS)));
      }),
      { numRuns: 10 },
    );
  });
});
