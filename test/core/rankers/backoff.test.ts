import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/core/hyperparameters.ts';
import { advantage, backoff, expectedReward, shareOfSuccesses, successProbability } from '../../../src/core/rankers/backoff.ts';
import type { Cell, ToolEvidence } from '../../../src/core/rankers/evidence.ts';
import { Learner, NEVER_CALLED } from './learner.ts';

const TOOLS = ['popular', 'special', 'unseen'];
const HERE = { request: 'convert currency' };
const ELSEWHERE = { request: 'close the books' };

const situation = (tools: readonly ToolEvidence[]) => ({ tools });
const tool = (part: Partial<ToolEvidence>): ToolEvidence => ({ ...NEVER_CALLED, ...part });

const anyCell: fc.Arbitrary<Cell | null> = fc.option(
  fc.record({
    q_value: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    success_rate: fc.double({ min: 0, max: 1, noNaN: true }),
    visit_count: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { nil: null },
);

const anyTool = fc
  .record({
    success_count: fc.nat(1_000_000),
    failures: fc.nat(1_000_000),
    exact: anyCell,
    step: anyCell,
    request: anyCell,
    previous: anyCell,
  })
  .map(({ failures, ...part }) => tool({ ...part, total_calls: part.success_count + failures }));

describe('without evidence', () => {
  test('all tools tie at 0 and keep the order of the caller', () => {
    const ranked = new Learner().rank(['c', 'a', 'b'], HERE);
    expect(ranked.map(({ tool_name }) => tool_name)).toEqual(['c', 'a', 'b']);
    for (const { score, confidence, reason } of ranked) {
      expect(score).toBeCloseTo(0, 12);
      expect(confidence).toBeCloseTo(DEFAULTS.success_prior_mean, 12);
      expect(reason).toBe('not called yet');
    }
  });

  test('no tools give no ranking, and a name given twice stays twice', () => {
    expect(backoff(situation([]), DEFAULTS)).toEqual([]);
    expect(new Learner().order(['a', 'a'])).toEqual(['a', 'a']);
  });
});

describe('what succeeded for a request', () => {
  test('one success ranks a tool first there, although another is called everywhere', () => {
    const learner = new Learner().call('popular', true, ELSEWHERE, { times: 200 }).call('special', true, HERE);
    expect(learner.order(TOOLS, HERE)[0]).toBe('special');
    expect(learner.order(TOOLS, ELSEWHERE)[0]).toBe('popular');
  });

  test('faults 20 and 21: what was learned at session length 3 holds at length 7, after another tool', () => {
    const learner = new Learner()
      .call('popular', true, { ...ELSEWHERE, previous: 'login' }, { times: 200 })
      .call('special', true, { ...HERE, previous: 'search', length: 3 }, { times: 4 });
    expect(learner.order(TOOLS, { ...HERE, previous: 'search', length: 7 })[0]).toBe('special');
    expect(learner.order(TOOLS, { ...HERE, previous: 'login', length: 7 })[0]).toBe('special');
  });

  test('more successes of the same kind never lower a tool', () => {
    const learner = new Learner().call('popular', true, HERE, { times: 3 });
    let before = Number.NEGATIVE_INFINITY;
    for (let success = 0; success < 12; success++) {
      const score = scoreOf(learner.call('special', true, HERE), 'special');
      expect(score).toBeGreaterThan(before);
      before = score;
    }
  });
});

function scoreOf(learner: Learner, name: string): number {
  return learner.rank(TOOLS, HERE).find(({ tool_name }) => tool_name === name)?.score ?? Number.NaN;
}

describe('failures', () => {
  test('five of them in this context put a tool below one never called; another context is untouched', () => {
    const learner = new Learner().call('popular', true, ELSEWHERE, { times: 200 });
    expect(learner.order(TOOLS, HERE)[0]).toBe('popular');
    learner.call('popular', false, HERE, { times: 5 });
    expect(learner.order(TOOLS, HERE).at(-1)).toBe('popular');
    expect(learner.order(TOOLS, ELSEWHERE)[0]).toBe('popular');
  });

  test('five of them put a tool that used to work here below one that works', () => {
    const learner = new Learner().call('popular', true, HERE, { times: 3 }).call('special', true, HERE, { times: 2 });
    expect(learner.order(TOOLS, HERE)[0]).toBe('popular');
    expect(learner.call('popular', false, HERE, { times: 5 }).order(TOOLS, HERE)[0]).toBe('special');
  });

  test('each one lowers the tool further', () => {
    const learner = new Learner();
    let before = scoreOf(learner, 'special');
    for (let failure = 0; failure < 12; failure++) {
      const score = scoreOf(learner.call('special', false, HERE), 'special');
      expect(score).toBeLessThan(before);
      before = score;
    }
  });

  test('fault 26: a negative Q-value ranks below a tool never called', () => {
    const punished = tool({ tool_name: 'punished', exact: { q_value: -9, success_rate: 0.9, visit_count: 1 } });
    const unknown = tool({ tool_name: 'unknown' });
    const [first, last] = backoff(situation([punished, unknown]), { ...DEFAULTS, value_temperature: 1 });
    expect(advantage(punished.exact, DEFAULTS)).toBeLessThan(0);
    expect([first?.tool_name, last?.tool_name]).toEqual(['unknown', 'punished']);
  });
});

test('fault 27: one lucky call does not outrank 160 successes of 200', () => {
  const learner = new Learner()
    .call('lucky', true, HERE)
    .call('proven', false, HERE, { times: 40 })
    .call('proven', true, HERE, { times: 160 });
  expect(learner.order(['lucky', 'proven'], HERE)).toEqual(['proven', 'lucky']);
  expect(learner.order(['lucky', 'proven'], ELSEWHERE)).toEqual(['proven', 'lucky']);
});

test('a tool never called stands between those that succeeded and those that failed, and expects what the prior says', () => {
  const learner = new Learner().call('popular', true, HERE, { times: 3 }).call('special', false, HERE, { times: 3 });
  expect(learner.order(TOOLS, HERE)).toEqual(['popular', 'unseen', 'special']);
  expect(learner.rank(TOOLS, HERE)[1]?.value).toBeCloseTo(8.5, 12);
});

test('a lower rating lowers a tool, overall and in its context', () => {
  const rated = (rating: number) =>
    new Learner().call('a', true, HERE, { times: 3, rating }).call('b', true, HERE, { times: 3, rating: 3 });
  for (const place of [HERE, ELSEWHERE]) {
    expect(rated(2).order(['a', 'b'], place)).toEqual(['b', 'a']);
    expect(rated(4).order(['b', 'a'], place)).toEqual(['a', 'b']);
    const scores = [1, 2, 3, 4, 5].map(
      (rating) =>
        rated(rating)
          .rank(['a', 'b'], place)
          .find((each) => each.tool_name === 'a')?.score ?? 0,
    );
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  }
});

describe('for any evidence', () => {
  const anyTools = fc.array(anyTool, { minLength: 1, maxLength: 20 });

  test('scores fall, are finite and are the sum of their parts; confidences are probabilities', () => {
    fc.assert(
      fc.property(anyTools, (tools) => {
        let before = Number.POSITIVE_INFINITY;
        for (const { score, parts, confidence, value } of backoff(situation(tools), DEFAULTS)) {
          expect(score).toBeLessThanOrEqual(before);
          expect(parts.reduce((sum, part) => sum + part.value, 0)).toBe(score);
          expect(Number.isFinite(value)).toBe(true);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          before = score;
        }
        expect(Number.isFinite(before)).toBe(true);
      }),
    );
  });

  test('shares are above 0 and sum to 1', () => {
    fc.assert(
      fc.property(anyTools, (tools) => {
        const shares = [...shareOfSuccesses(tools, DEFAULTS)];
        for (const share of shares) expect(share).toBeGreaterThan(0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('one more success never lowers the confidence or the expected reward', () => {
    fc.assert(
      fc.property(anyTool, (before) => {
        const after = { ...before, success_count: before.success_count + 1, total_calls: before.total_calls + 1 };
        expect(successProbability(after, DEFAULTS)).toBeGreaterThanOrEqual(successProbability(before, DEFAULTS) - 1e-12);
        if (before.previous !== null || before.request !== null || before.step !== null) return;
        expect(expectedReward(after, DEFAULTS)).toBeGreaterThanOrEqual(expectedReward(before, DEFAULTS) - 1e-9);
      }),
    );
  });

  test('the advantage has the sign of the Q-value and stays within the reward of a success', () => {
    fc.assert(
      fc.property(anyCell, (cell) => {
        const got = advantage(cell, DEFAULTS);
        expect(Math.abs(got)).toBeLessThanOrEqual(DEFAULTS.reward_success);
        expect(Math.sign(got) * Math.sign(cell?.q_value ?? 0)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('reasons', () => {
  const cell = (success_rate: number, visit_count: number) => ({ q_value: 1, success_rate, visit_count });

  test.each([
    [{ request: cell(5 / 6, 6) }, 'succeeded 5 of 6 times for requests like this'],
    [{ request: cell(0, 1) }, 'failed 1 of 1 time for requests like this'],
    [{ request: cell(0.83, 24) }, 'succeeded about 83 % of the time lately, 24 calls for requests like this'],
    [{ exact: cell(1, 2) }, 'succeeded 2 of 2 times in this situation'],
    [{ previous: cell(0.25, 4) }, 'failed 3 of 4 times after the same previous tool'],
    [{ total_calls: 200, success_count: 160 }, 'succeeded 160 of 200 times overall'],
  ])('of %j: %s', (part, reason) => {
    expect(backoff(situation([tool(part)]), DEFAULTS)[0]?.reason).toBe(reason);
  });
});
