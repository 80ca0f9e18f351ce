import { describe, expect, test } from 'vitest';
import { Panel } from '../../../src/core/learner/panel.ts';
import { phrase } from '../../../src/core/learner/reasons.ts';
import type { Example, Signal } from '../../../src/core/signals/signal.ts';
import { at, called } from './moments.ts';

/** A signal that knows one thing: how often each tool was called. */
class Popularity implements Signal {
  readonly name: string;
  readonly columns = [
    { name: 'calls', weight: 1 },
    { name: 'twice_the_calls', weight: 0.25 },
  ];
  readonly calls = new Map<number, number>();
  seen = 0;

  constructor(name: string) {
    this.name = name;
  }

  score({ candidates }: Example['moment'], rows: Float64Array, first: number, stride: number): void {
    for (const [row, { hash }] of candidates.entries()) {
      rows[row * stride + first] = this.calls.get(hash) ?? 0;
      rows[row * stride + first + 1] = 2 * (this.calls.get(hash) ?? 0);
    }
  }

  learn({ moment, chosen }: Example): void {
    const hash = moment.candidates[chosen]?.hash ?? 0;
    this.calls.set(hash, (this.calls.get(hash) ?? 0) + 1);
  }

  explain({ candidates }: Example['moment'], candidate: number): string | null {
    const calls = this.calls.get(candidates[candidate]?.hash ?? 0) ?? 0;
    return calls > 0 ? `${this.name} ${calls}` : null;
  }
}

const moment = at(['a', 'b', 'c']);

function taught(panel: Panel, ...tools: readonly string[]): Panel {
  for (const tool of tools) panel.learn(panel.judge(moment), called(moment, tool));
  return panel;
}

describe('the panel', () => {
  test('adds the parts of each signal up to the score, one part a signal', () => {
    const panel = taught(new Panel([new Popularity('one'), new Popularity('other')]), 'a', 'a', 'b');
    const judged = panel.judge(moment);
    for (const candidate of [0, 1, 2]) {
      const parts = panel.parts(judged, candidate);
      expect(parts.map(({ name }) => name)).toStrictEqual(['one', 'other']);
      expect(Math.abs(parts.reduce((sum, { value }) => sum + value, 0) - (judged.scores[candidate] ?? Number.NaN))).toBeLessThan(1e-9);
    }
  });

  test('starts with each column at its own weight', () => {
    const signal = new Popularity('one');
    signal.calls.set(moment.candidates[1]?.hash ?? 0, 3);
    expect([...new Panel([signal]).judge(moment).scores]).toStrictEqual([0, 3 + 0.25 * 6, 0]);
  });

  test('names the weight of each column in each situation', () => {
    const weights = new Panel([new Popularity('one'), new Popularity('other')]).weights();
    expect([...weights.keys()]).toStrictEqual(['one.calls', 'one.twice_the_calls', 'other.calls', 'other.twice_the_calls']);
    expect(weights.get('other.twice_the_calls')).toStrictEqual([0.25, 0.25, 0.25, 0.25]);
  });

  test('learns its weights from what the signals said before they learned', () => {
    const panel = taught(new Panel([new Popularity('one')]), 'a');
    // Nothing was known of any candidate before the first call, so that it says nothing about the weights.
    expect(panel.weights().get('one.calls')?.[0]).toBe(1);
    expect(taught(panel, 'a').weights().get('one.calls')?.[0]).toBeGreaterThan(1);
  });

  test('explores with no signal that explores', () => {
    expect(new Panel([new Popularity('one')]).explore(moment)).toBeUndefined();
  });
});

describe('a reason', () => {
  const signals = ['one', 'two', 'three'].map((name) => new Popularity(name));
  for (const signal of signals) signal.calls.set(moment.candidates[0]?.hash ?? 0, 4);
  const parts = [0.5, -3, 1].map((value) => ({ name: '', value }));

  test('is what the two signals that moved the candidate most have to say, strongest first', () => {
    expect(phrase(signals, parts, moment, 0)).toBe('two 4; three 4');
  });

  test('leaves out the signals that have nothing to say', () => {
    expect(phrase([new Popularity('new'), ...signals.slice(0, 1)], parts, moment, 0)).toBe('one 4');
  });

  test('says so when nothing is known', () => {
    expect(phrase(signals, parts, moment, 1)).toBe('not called yet');
  });
});
