import { describe, expect, test } from 'vitest';
import { episodeWorth } from '../../../src/core/episodes.ts';
import { ValueSignal } from '../../../src/core/signals/value.ts';
import { at, called, column, type Place, rated, reloaded, said } from '../learner/moments.ts';

const TOOLS = ['a', 'b', 'c'];
const PARCEL = { query: 'where is my parcel' };
const MONEY = { query: 'send money abroad' };

function taught(...calls: readonly (readonly [place: Place, tool: string, success?: boolean, rating?: number | null])[]): ValueSignal {
  const signal = new ValueSignal();
  for (const [place, tool, success = true, rating = null] of calls) {
    const reward = (success ? 10 : -5) + 2 * ((rating ?? 3) - 3);
    signal.learn(called(at(TOOLS, place), tool, { success, rating, reward }));
  }
  return signal;
}

const reward = (signal: ValueSignal, place: Place) => column(signal, at(TOOLS, place), 'expected_reward');
const failures = (signal: ValueSignal, place: Place) => column(signal, at(TOOLS, place), 'failures_here');
const FIVE_FAILURES = Array.from({ length: 5 }, () => [PARCEL, 'a', false] as const);

describe('the value signal', () => {
  test('says 0 of a tool that was never called', () => {
    expect(said(new ValueSignal(), at(TOOLS, PARCEL))).toStrictEqual(TOOLS.map(() => ({ expected_reward: 0, failures_here: 0 })));
  });

  test('expects what calls earned, shrunk towards what is known of the tool elsewhere', () => {
    const signal = taught([PARCEL, 'a'], [PARCEL, 'a'], [PARCEL, 'a'], [PARCEL, 'b', false]);
    const [a = 0, b = 0, c = 0] = reward(signal, PARCEL);
    expect(a).toBeGreaterThan(0);
    expect(b).toBeLessThan(0);
    expect(c).toBe(0);
    const [elsewhere = 0] = reward(signal, MONEY);
    expect(elsewhere).toBeGreaterThan(0);
    expect(elsewhere).toBeLessThan(a);
    expect(a).toBeLessThan(1);
  });

  test('counts the failures in a row for the request, there and only there, until a success', () => {
    const signal = taught(...FIVE_FAILURES);
    expect(failures(signal, PARCEL)).toStrictEqual([-Math.log(6), 0, 0]);
    expect(failures(signal, MONEY)).toStrictEqual([0, 0, 0]);
    expect(failures(signal, { query: 'where are my parcels 12 and 13' })[0]).toBe(-Math.log(6));
    signal.learn(called(at(TOOLS, PARCEL), 'a'));
    expect(failures(signal, PARCEL)).toStrictEqual([0, 0, 0]);
  });

  test('forgives a tool its failures for a request when it succeeds for it, whatever was called before', () => {
    const signal = taught(...Array.from({ length: 3 }, () => [{ ...PARCEL, history: ['b'] }, 'a', false] as const), [PARCEL, 'a']);
    expect(failures(signal, PARCEL)[0]).toBe(0);
    expect(reward(signal, PARCEL)[0]).toBeGreaterThan(reward(signal, { ...PARCEL, history: ['b'] })[0] ?? 0);
  });

  test('follows a change for one request within a few calls', () => {
    const signal = taught(...Array.from({ length: 50 }, () => [PARCEL, 'a'] as const), ...FIVE_FAILURES);
    const before = taught(...Array.from({ length: 50 }, () => [PARCEL, 'a'] as const));
    const [here, elsewhere] = [PARCEL, MONEY].map((place) => (reward(before, place)[0] ?? 0) - (reward(signal, place)[0] ?? 0));
    expect(here).toBeGreaterThan(0.4);
    expect(elsewhere).toBeLessThan((here ?? 0) / 2);
  });

  test('takes a late rating in the direction of one that came at once', () => {
    const value = (rating: number | null, late: number | null) => {
      const signal = new ValueSignal();
      const example = called(at(TOOLS, PARCEL), 'a', { rating, reward: 10 + 2 * ((rating ?? 3) - 3) });
      signal.learn(example);
      if (late !== null) signal.correct(rated(example, late));
      return [reward(signal, PARCEL)[0] ?? 0, failures(signal, PARCEL)[0] ?? 0];
    };
    for (const rating of [1, 2, 4, 5]) {
      const [at_once = [], late = []] = [value(rating, null), value(null, rating)];
      expect(late[0]).toBeCloseTo(at_once[0] ?? Number.NaN, 5);
      expect(late[1]).toBe(at_once[1]);
    }
  });

  test('does not count a failure twice when it is rated later', () => {
    const signal = new ValueSignal();
    const example = called(at(TOOLS, PARCEL), 'a', { success: false });
    signal.learn(example);
    const before = failures(signal, PARCEL)[0] ?? 0;
    for (const rating of [5, 1]) {
      signal.correct(rated(example, rating));
      expect(failures(signal, PARCEL)[0]).toBe(before);
    }
  });

  test('does not count a bad rating twice when it is given again', () => {
    const signal = new ValueSignal();
    const example = called(at(TOOLS, PARCEL), 'a');
    signal.learn(example);
    signal.correct(rated(example, 2));
    const before = failures(signal, PARCEL)[0] ?? 0;
    signal.correct({ ...rated(example, 1, 2), reward_before: 8 });
    expect(failures(signal, PARCEL)[0]).toBe(before);
  });

  test('lets a rating of a call that it does not know alone', () => {
    const signal = new ValueSignal();
    signal.correct(rated(called(at(TOOLS, PARCEL), 'a'), 1));
    expect(said(signal, at(TOOLS, PARCEL))).toStrictEqual(said(new ValueSignal(), at(TOOLS, PARCEL)));
  });

  test('says what calls earned for requests like this', () => {
    const signal = taught([PARCEL, 'a'], [PARCEL, 'a', false]);
    expect(signal.explain(at(TOOLS, PARCEL), 0)).toMatch(/^earned -?\d+\.\d a call lately of 2 for requests like this$/);
    expect(signal.explain(at(TOOLS, MONEY), 0)).toBeNull();
  });

  test.each([
    ['success', 0],
    ['partial', 0.4],
    ['failure', 0.8],
  ] as const)('takes from the steps of an episode that ended in %s what they only seemed to earn', (outcome, least) => {
    const signal = taught([PARCEL, 'a']);
    const moment = at(TOOLS, PARCEL);
    const [before = 0, other = 0] = reward(signal, PARCEL);
    const [tool] = moment.candidates;
    if (tool === undefined) throw new Error('no candidate');
    signal.conclude({
      session: moment.session,
      worth: episodeWorth(outcome, 1),
      steps: [{ tool, success: true, turn: 1, request: moment.query.request, taught: true }],
    });
    expect(before - (reward(signal, PARCEL)[0] ?? 0)).toBeGreaterThanOrEqual(least * before);
    expect(reward(signal, PARCEL)[1]).toBe(other);
    if (outcome === 'success') expect(reward(signal, PARCEL)[0]).toBe(before);
  });

  test('is the same after save and load', () => {
    const first = taught([PARCEL, 'a'], [{ ...MONEY, history: ['a'] }, 'b', false]);
    const second = reloaded(first, new ValueSignal());
    for (const signal of [first, second]) signal.learn(called(at(TOOLS, MONEY), 'b'));
    expect(second.save()).toStrictEqual(first.save());
    expect(said(second, at(TOOLS, MONEY))).toStrictEqual(said(first, at(TOOLS, MONEY)));
  });
});
