import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SimilarRequestsSignal } from '../../../src/core/signals/similar-requests.ts';
import { at, called, column, type Place, rated, reloaded, said } from '../learner/moments.ts';

const TOOLS = ['a', 'b', 'c'];
const PARCEL = { query: 'where is my parcel' };

/** Calls, each of a session of its own unless said. */
function taught(...calls: readonly (readonly [place: Place, tool: string])[]): SimilarRequestsSignal {
  const signal = new SimilarRequestsSignal();
  for (const [n, [place, tool]] of calls.entries()) signal.learn(called(at(TOOLS, { session: 100 + n, ...place }), tool));
  return signal;
}

const votes = (signal: SimilarRequestsSignal, place: Place, name = 'after_same_tool') => column(signal, at(TOOLS, place), name);

describe('similar requests', () => {
  test('say nothing before there were any, nor of a request that shares no word with them', () => {
    for (const place of [PARCEL, {}, { query: 'lend money' }]) {
      for (const columns of said(taught([PARCEL, 'a']), at(TOOLS, { ...place, query: 'lend money' })))
        expect(Object.values(columns).every((value) => value === 0)).toBe(true);
      for (const columns of said(new SimilarRequestsSignal(), at(TOOLS, place)))
        expect(Object.values(columns).every((value) => value === 0)).toBe(true);
    }
  });

  test('vote for what was called for them, the more alike ones more', () => {
    const signal = taught([PARCEL, 'a'], [{ query: 'a parcel from Paris is damaged' }, 'b'], [{ query: 'lend money' }, 'c']);
    const [a = 0, b = 0, c = 0] = votes(signal, { query: 'so where is that parcel' });
    expect(a).toBeGreaterThan(b);
    expect(b).toBeGreaterThan(0);
    expect(c).toBe(0);
    expect(a + b).toBeCloseTo(1, 9);
  });

  test('vote for the tool that followed the same previous tool', () => {
    const signal = taught([{ ...PARCEL, session: 1 }, 'a'], [{ ...PARCEL, session: 1, history: ['a'] }, 'b']);
    expect(votes(signal, { ...PARCEL, session: 2 })).toStrictEqual([1, 0, 0]);
    expect(votes(signal, { ...PARCEL, session: 2, history: ['a'] })).toStrictEqual([0, 1, 0]);
    expect(votes(signal, { ...PARCEL, session: 2, history: ['a'] }, 'not_called_yet')).toStrictEqual([0, 1, 0]);
  });

  test('do not vote in their own session', () => {
    const signal = taught([{ ...PARCEL, session: 1 }, 'a']);
    expect(votes(signal, { ...PARCEL, session: 1, turn: 2 })).toStrictEqual([0, 0, 0]);
    expect(votes(signal, { ...PARCEL, session: 2 })[0]).toBe(1);
  });

  test('do not vote for a call that failed, nor for one that is rated badly later', () => {
    const signal = new SimilarRequestsSignal();
    signal.learn(called(at(TOOLS, { ...PARCEL, session: 5 }), 'a', { success: false }));
    expect(votes(signal, PARCEL)).toStrictEqual([0, 0, 0]);
    const example = called(at(TOOLS, { ...PARCEL, session: 6 }), 'b');
    signal.learn(example);
    expect(votes(signal, PARCEL)).toStrictEqual([0, 1, 0]);
    signal.correct(rated(example, 5));
    expect(votes(signal, PARCEL)).toStrictEqual([0, 1, 0]);
    signal.correct(rated(example, 1));
    expect(votes(signal, PARCEL)).toStrictEqual([0, 0, 0]);
  });

  test('count less when their episode failed', () => {
    const signal = taught([{ ...PARCEL, session: 11 }, 'a'], [{ ...PARCEL, session: 12 }, 'b']);
    const [before = 0, other = 0] = votes(signal, PARCEL);
    expect(before).toBeCloseTo(other, 9);
    signal.conclude({ session: 11, worth: 0.5, steps: [] });
    const [after = 0, now = 0] = votes(signal, PARCEL);
    expect(after).toBeLessThan(now);
    expect(after).toBeGreaterThan(0);
  });

  test('are looked for anew when other requests of the session came before', () => {
    const learn: readonly (readonly [Place, string])[] = [
      [{ query: 'parcel abroad' }, 'a'],
      [{ query: 'parcel refund' }, 'b'],
    ];
    const place = { query: 'parcel', session: 1, turn: 2 };
    const signal = taught(...learn);
    votes(signal, { ...place, earlier: ['abroad'] });
    const asked_before = votes(signal, { ...place, earlier: ['refund'], turn: 3 });
    expect(asked_before).toStrictEqual(votes(taught(...learn), { ...place, earlier: ['refund'], turn: 3 }));
  });

  test('give shares between 0 and 1, with their logarithms beside them', () => {
    const place = fc.record({
      query: fc.constantFrom('parcel', 'where is my parcel', 'lend money', ''),
      history: fc.array(fc.constantFrom('a', 'b', 'c!', 'a@0'), { maxLength: 3 }),
      session: fc.nat(3),
      turn: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.constantFrom(...TOOLS)), { maxLength: 15 }), place, (calls, asked) => {
        for (const columns of said(taught(...calls), at(TOOLS, asked))) {
          for (const name of ['after_same_tool', 'after_same_run', 'not_called_yet']) {
            const [share = Number.NaN, log = Number.NaN] = [columns[name], columns[`log_${name}`]];
            expect(share >= 0 && share <= 1 + 1e-9).toBe(true);
            expect(log > 0).toBe(share > 0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('are at most 5,000: the oldest gives way', () => {
    const signal = taught([{ query: 'very first' }, 'a']);
    for (let n = 0; n < 4_999; n++) signal.learn(called(at(['b'], { query: `word${n % 50}`, session: 1_000 + n }), 'b'));
    expect(votes(signal, { query: 'very first' })[0]).toBe(1);
    signal.learn(called(at(['b'], { query: 'last', session: 9_999 }), 'b'));
    expect(votes(signal, { query: 'very first' })[0]).toBe(0);
    expect(signal.save().turns).toHaveLength(5_000);
  });

  test('say in how many of the nearest the tool was called', () => {
    const signal = taught([PARCEL, 'a'], [PARCEL, 'a'], [PARCEL, 'b']);
    expect(signal.explain(at(TOOLS, PARCEL), 0)).toBe('called for 2 of the 3 requests most like this');
    expect(signal.explain(at(TOOLS, PARCEL), 2)).toBeNull();
  });

  test('are the same after save and load', () => {
    const first = taught(
      [{ ...PARCEL, session: 1 }, 'a'],
      [{ ...PARCEL, session: 1, history: ['a'] }, 'b'],
      [{ query: 'lend money' }, 'c'],
    );
    const second = reloaded(first, new SimilarRequestsSignal());
    for (const signal of [first, second]) {
      signal.learn(called(at(TOOLS, { query: 'parcel money', session: 7 }), 'a', { seq: 900 }));
      signal.conclude({ session: 1, worth: 0.75, steps: [] });
    }
    expect(second.save()).toStrictEqual(first.save());
    for (const query of ['parcel', 'money']) expect(said(second, at(TOOLS, { query }))).toStrictEqual(said(first, at(TOOLS, { query })));
  });
});
