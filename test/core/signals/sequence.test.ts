import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { episodeWorth } from '../../../src/core/episodes.ts';
import { addStep, type Session } from '../../../src/core/learner/sessions.ts';
import { SequenceSignal } from '../../../src/core/signals/sequence.ts';
import { at, called, column, reloaded, said } from '../learner/moments.ts';

const TOOLS = ['a', 'b', 'c'];
type Outcome = 'success' | 'partial' | 'failure';

/** Sessions of calls, each with how it ended. */
function taught(signal: SequenceSignal, ...sessions: readonly (readonly [calls: readonly string[], outcome?: Outcome])[]): SequenceSignal {
  for (const [calls, outcome] of sessions) {
    const session: Session = { id: 1, queries: [], turn: 1, steps: [] };
    for (const call of calls) {
      const moment = { ...at(TOOLS), history: session.steps };
      signal.learn(called(moment, call.replace('!', ''), { success: !call.endsWith('!') }));
      addStep(
        session,
        at(TOOLS, { history: [call] }).history[0] ?? {
          tool: { ...(moment.candidates[0] ?? never()) },
          success: true,
          turn: 1,
          request: 0,
          taught: true,
        },
      );
    }
    if (outcome !== undefined) signal.conclude({ session: 1, worth: episodeWorth(outcome, 1), steps: session.steps });
  }
  return signal;
}

function never(): never {
  throw new Error('no candidate');
}

const following = (signal: SequenceSignal, history: readonly string[]) => column(signal, at(TOOLS, { history }), 'probability');
const outcome = fc.constantFrom<Outcome>('success', 'partial', 'failure');
const sessions = fc.array(fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'a!', 'b!'), { maxLength: 8 }), outcome), { maxLength: 8 });

describe('the sequence signal', () => {
  test('finds every candidate as likely as any before it has learned', () => {
    expect(said(new SequenceSignal(), at(TOOLS, { history: ['a'] }))).toStrictEqual(
      TOOLS.map(() => ({ log_probability: 0, probability: 1 / 3 })),
    );
  });

  test('interpolates as Witten and Bell do', () => {
    const signal = taught(new SequenceSignal(), [['a', 'b']], [['a', 'c']], [['a', 'b']]);
    // Everywhere: 6 calls of 3 kinds; after a: 3 of 2; after the start and a: 3 of 2. Of b: 2, 2, 2.
    const everywhere = (2 + 3 * (1 / 3)) / (6 + 3);
    const after_a = (2 + 2 * everywhere) / (3 + 2);
    expect(following(signal, ['a'])[1]).toBeCloseTo((2 + 2 * after_a) / (3 + 2), 6);
  });

  test('gives probabilities that sum to 1 over all tools, whatever happened', () => {
    fc.assert(
      fc.property(sessions, fc.array(fc.constantFrom('a', 'b', 'c!'), { maxLength: 5 }), (past, history) => {
        const p = following(taught(new SequenceSignal(), ...past), history);
        for (const one of p) expect(one > 0 && one <= 1).toBe(true);
        expect(p.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
      }),
      { numRuns: 60 },
    );
  });

  test('still does so after a failed episode that was longer than what a session remembers', () => {
    const long = Array.from({ length: 71 }, (_, n) => TOOLS[n % 2] ?? '');
    const signal = taught(new SequenceSignal(), [['c']], [long, 'failure']);
    const p = following(signal, []);
    for (const one of p) expect(one > 0 && one <= 1).toBe(true);
    expect(p.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
  });

  test('tells apart what follows the same tool after different ones', () => {
    const signal = taught(
      new SequenceSignal(),
      ...Array.from({ length: 4 }, () => [['a', 'c', 'b']] as const),
      ...Array.from({ length: 4 }, () => [['b', 'c', 'a']] as const),
    );
    expect(following(signal, ['a', 'c'])[1]).toBeGreaterThan(0.7);
    expect(following(signal, ['b', 'c'])[0]).toBeGreaterThan(0.7);
  });

  test('knows how sessions start', () => {
    const signal = taught(new SequenceSignal(), [['a', 'b', 'b', 'b']], [['a', 'b', 'b', 'b']]);
    expect(following(signal, [])[0]).toBeGreaterThan(0.5);
  });

  test('counts a failed call less, and an episode less the worse it ended', () => {
    const probability = (call: string, of?: Outcome) =>
      following(taught(new SequenceSignal(), of === undefined ? [['a', call]] : [['a', call], of], [['a', 'c']]), ['a'])[1] ?? 0;
    expect(probability('b!')).toBeLessThan(probability('b'));
    expect(probability('b', 'success')).toBe(probability('b'));
    expect(probability('b', 'partial')).toBeLessThan(probability('b', 'success'));
    expect(probability('b', 'failure')).toBeLessThan(probability('b', 'partial'));
  });

  test('says how often the tool followed the last one', () => {
    const signal = taught(new SequenceSignal(), [['a', 'b']], [['a', 'c']], [['a', 'b']]);
    expect(signal.explain(at(TOOLS, { history: ['a'] }), 1)).toBe('followed the previous tool 2 of 3 times');
    expect(signal.explain(at(TOOLS, { history: ['a'] }), 0)).toBeNull();
    expect(signal.explain(at(TOOLS), 1)).toBeNull();
  });

  test('is the same after save and load', () => {
    const first = taught(new SequenceSignal(), [['a', 'b!'], 'failure'], [['a', 'c']]);
    const second = reloaded(first, new SequenceSignal());
    for (const signal of [first, second]) taught(signal, [['a', 'b', 'c'], 'partial']);
    expect(second.save()).toStrictEqual(first.save());
  });
});
