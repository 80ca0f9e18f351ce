import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { LinearSignal } from '../../../src/core/signals/linear.ts';
import { featuresOf } from '../../../src/core/signals/linear-features.ts';
import { at, called, column, rated, reloaded, said, toolNamed } from '../learner/moments.ts';

const TOOLS = ['a', 'b', 'c'];
const PARCEL = { query: 'where is my parcel' };
const MONEY = { query: 'send money abroad' };

function taught(...calls: readonly (readonly [place: Parameters<typeof at>[1], tool: string, success?: boolean])[]): LinearSignal {
  const signal = new LinearSignal();
  for (const [place, tool, success = true] of calls) signal.learn(called(at(TOOLS, place), tool, { success }));
  return signal;
}

const probabilities = (signal: LinearSignal, place: Parameters<typeof at>[1]) => column(signal, at(TOOLS, place), 'probability');

describe('the linear signal', () => {
  test('says nothing before it has learned', () => {
    expect(said(new LinearSignal(), at(TOOLS, PARCEL))).toStrictEqual(TOOLS.map(() => ({ request: 0, session: 0, probability: 1 / 3 })));
  });

  test('gives a probability for each candidate, the softmax of the two logits', () => {
    const signal = taught([PARCEL, 'a'], [MONEY, 'b']);
    const of = said(signal, at(TOOLS, { ...PARCEL, history: ['b'] }));
    const odds = of.map(({ request = 0, session = 0 }) => Math.exp(request + session));
    const sum = odds.reduce((total, one) => total + one, 0);
    for (const [row, { probability = 0 }] of of.entries()) expect(probability).toBeCloseTo((odds[row] ?? 0) / sum, 12);
  });

  test('learns what a request wants from its words, and takes other requests with these words along', () => {
    const signal = taught([PARCEL, 'a'], [MONEY, 'b'], [PARCEL, 'a'], [MONEY, 'b']);
    expect(probabilities(signal, { query: 'the parcel has not come' })[0]).toBeGreaterThan(0.4);
    expect(probabilities(signal, { query: 'money for a friend' })[1]).toBeGreaterThan(0.4);
  });

  test('learns what follows from the tools before it, without a request', () => {
    const [after_a, after_b] = [{ history: ['a'] }, { history: ['b'] }];
    const signal = taught([after_a, 'b'], [after_b, 'c'], [after_a, 'b'], [after_b, 'c'], [after_a, 'b'], [after_b, 'c']);
    expect(probabilities(signal, after_a)[1]).toBeGreaterThan(0.5);
    expect(probabilities(signal, after_b)[2]).toBeGreaterThan(0.5);
  });

  test('takes a failure as evidence against its tool here', () => {
    const [worked, failed] = [taught([PARCEL, 'a']), taught([PARCEL, 'a', false])].map((signal) => probabilities(signal, PARCEL)[0] ?? 0);
    expect(failed).toBeLessThan(1 / 3);
    expect(worked).toBeGreaterThan(1 / 3);
  });

  test('knows a tool that was called for this request already by weights of its own', () => {
    const signal = taught(...Array.from({ length: 4 }, () => [PARCEL, 'a'] as const));
    const [first = 0, again = 0] = [{ ...PARCEL }, { ...PARCEL, history: ['a'] }].map(
      (place) => said(signal, at(TOOLS, place))[0]?.['request'] ?? 0,
    );
    expect(first).toBeGreaterThan(0);
    expect(again).toBeLessThan(first / 2);
  });

  test('turns against a call that is rated badly later', () => {
    const signal = new LinearSignal();
    const example = called(at(TOOLS, PARCEL), 'a');
    signal.learn(example);
    const before = probabilities(signal, PARCEL)[0] ?? 0;
    signal.correct(rated(example, 1));
    expect(probabilities(signal, PARCEL)[0]).toBeLessThan(before);
  });

  test('rehearses less what was part of an episode that failed', () => {
    const strength = (worth: number) => {
      const signal = taught([PARCEL, 'a']);
      signal.conclude({ session: 1, worth, steps: [] });
      for (const seq of [1, 2, 3]) {
        signal.learn(called(at(TOOLS, { query: 'something else', session: 2 }), 'b', { seq, uniform: seededUniform(seq) }));
      }
      return said(signal, at(TOOLS, PARCEL))[0] ?? {};
    };
    expect(strength(0.5)['request']).toBeLessThan(strength(1)['request'] ?? 0);
    expect(strength(0.5)['session']).toBeLessThan(strength(1)['session'] ?? 0);
  });

  test('learns from a few of many candidates, and rates the others no worse for it', () => {
    const many = Array.from({ length: 300 }, (_, n) => `tool ${n}`);
    const signal = new LinearSignal();
    for (let n = 0; n < 4; n++) signal.learn(called(at(many, PARCEL), 'tool 7'));
    const of = column(signal, at(many, PARCEL), 'probability');
    expect(of.indexOf(Math.max(...of))).toBe(7);
    expect(of[7]).toBeGreaterThan(10 / 300);
  });

  test('takes a tool first seen later for a candidate of past calls only where those were not told', () => {
    const score = (told: boolean) => {
      const signal = new LinearSignal();
      for (let seq = 0; seq < 6; seq++) {
        signal.learn(called(at(['a', 'b'], PARCEL), 'a', { told, seq, uniform: seededUniform(seq) }));
      }
      const late = called(at(['a', 'b', 'new'], MONEY), 'new', { told, seq: 6, uniform: seededUniform(6) });
      signal.learn(late);
      return column(signal, at(['a', 'b', 'new'], PARCEL), 'probability')[2] ?? 0;
    };
    expect(score(false)).toBeLessThan(score(true));
  });

  test('goes on as before after save and load', () => {
    const first = taught([PARCEL, 'a'], [{ ...PARCEL, history: ['a'] }, 'b'], [MONEY, 'c', false]);
    const second = reloaded(first, new LinearSignal());
    for (const signal of [first, second]) {
      signal.learn(called(at(TOOLS, MONEY), 'b', { seq: 900, uniform: seededUniform(900) }));
      signal.conclude({ session: 1, worth: 0.5, steps: [] });
      signal.learn(called(at(TOOLS, PARCEL), 'a', { success: false, seq: 901, uniform: seededUniform(901) }));
    }
    expect(second.save()).toStrictEqual(first.save());
    for (const place of [PARCEL, MONEY]) expect(said(second, at(TOOLS, place))).toStrictEqual(said(first, at(TOOLS, place)));
  });
});

describe('the features of a moment', () => {
  test('depend on the request, the tools before it, a failure of the last and the earlier requests', () => {
    const places = [
      {},
      PARCEL,
      MONEY,
      { ...PARCEL, history: ['a'] },
      { ...PARCEL, history: ['a!'] },
      { ...PARCEL, history: ['b'] },
      { ...PARCEL, history: ['b', 'a'] },
      { ...PARCEL, history: ['a@1'], turn: 2 },
      { ...PARCEL, earlier: ['send money'] },
    ];
    const texts = places.map((place) => JSON.stringify(featuresOf(at(TOOLS, place))));
    expect(new Set(texts).size).toBe(places.length);
  });

  test('share the weight of words, so that a long request does not shout', () => {
    const weight = (query: string) => {
      const { values, of_request } = featuresOf(at([], { query }));
      return values.slice(0, of_request).reduce((sum, value) => sum + value * value, 0);
    };
    expect(weight('parcel parcel lost money abroad friend account card')).toBeLessThan(2 * weight('parcel'));
  });

  test('of a tool do not depend on which candidates stand beside it', () => {
    expect(featuresOf(at(['a'], PARCEL))).toStrictEqual(featuresOf(at(TOOLS, PARCEL)));
    expect(toolNamed('a').hash).not.toBe(toolNamed('b').hash);
  });
});
