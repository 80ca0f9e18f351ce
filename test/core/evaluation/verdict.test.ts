import { describe, expect, it } from 'vitest';
import type { Bounds, RankingRow } from '../../../src/core/evaluation/ranking-table.ts';
import type { AsLogged, ValueRow } from '../../../src/core/evaluation/value-table.ts';
import { type RankingEvidence, signed, type ValueEvidence, verdict } from '../../../src/core/evaluation/verdict.ts';

function row(contender: string, hit_at_1: number, difference: number | null, difference_interval: Bounds): RankingRow {
  const others = { hit_at_1_interval: null, mrr: null, hit_at_1_on_repeats: null, hit_at_1_on_others: null };
  return { contender, hit_at_1, difference, difference_interval, ...others };
}

/** The best rule is markov, with this interval; popularity is far below. */
function ranked(interval: Bounds, counts = { decisions: 412, sessions: 40 }): RankingEvidence {
  const rows = [row('popularity', 0.2, 0.41, [0.3, 0.5]), row('markov', 0.52, 0.0913, interval), row('learned', 0.6113, null, null)];
  return { ...counts, rows };
}

function valued(difference_interval: Bounds, own: Partial<ValueRow> = {}, sessions = 40): ValueEvidence {
  const no_intervals = { dr_interval: null, snips_interval: null, ips_interval: null, replay_interval: null, difference_interval: null };
  const estimates = { ips: 8, snips: 8, dr: 7.86, replay: 8, coverage: 0.3, mean_weight: 1, difference: null };
  const learned: ValueRow = { contender: 'learned', trusted: true, effective_sample_size: 96.7, ...estimates, ...no_intervals, ...own };
  const as_logged: AsLogged = { mean_reward: 6.2, interval: null, difference: 1.66, difference_interval };
  return {
    draws: 350,
    sessions,
    rows: [{ ...learned, contender: 'markov', trusted: !learned.trusted, effective_sample_size: 0 }, learned],
    as_logged,
  };
}

const HEAD =
  'The learned ranking put the called tool first in 61 % of 412 decisions (40 sessions); the best simple rule, markov, in 52 %; difference +9.1 points, 95 % interval ';
const VALUE_HEAD =
  'in place of 350 draws of select_tool (worth 96) the learned first choice would have earned 7.9 a call, not 6.2; difference +1.7, 95 % interval ';

describe('the verdict', () => {
  it.each<[Bounds, string, string]>([
    [[0.051, 0.13], 'better', '+5.1 to +13.0'],
    [[-0.01, 0.13], 'no better', '-1.0 to +13.0'],
    [[0, 0.13], 'no better', '0.0 to +13.0'],
    [[-0.2, -0.004], 'worse', '-20.0 to -0.4'],
  ])('with an interval of %j is %s', (interval, outcome, told) => {
    expect(verdict(ranked(interval), null)).toEqual({ outcome, sentence: `${HEAD}${told}: ${outcome}.` });
  });

  it('is that of the best rule, not of the weakest', () => {
    expect(verdict(ranked([-0.05, 0.05]), null).outcome).toBe('no better');
  });

  it.each([
    [{ decisions: 29, sessions: 12 }, 'Not enough data: 29 decisions in 12 sessions to judge, and it takes 30 in 10.'],
    [{ decisions: 300, sessions: 9 }, 'Not enough data: 300 decisions in 9 sessions to judge, and it takes 30 in 10.'],
    [{ decisions: 1, sessions: 1 }, 'Not enough data: 1 decision in 1 session to judge, and it takes 30 in 10.'],
    [{ decisions: 0, sessions: 0 }, 'Not enough data: 0 decisions in 0 sessions to judge, and it takes 30 in 10.'],
  ])('of %j says that it is too little', (counts, sentence) => {
    expect(verdict(ranked([0.05, 0.13], counts), null)).toEqual({ outcome: 'not enough data', sentence });
  });

  it('of the least that is enough is one', () => {
    expect(verdict(ranked([0.05, 0.13], { decisions: 30, sessions: 10 }), null).outcome).toBe('better');
  });

  it.each<[Bounds, Bounds, string]>([
    [[0.051, 0.13], [0.42, 2.91], `${HEAD}+5.1 to +13.0: better; ${VALUE_HEAD}+0.4 to +2.9: better.`],
    [[-0.2, -0.1], [-2.9, -0.4], `${HEAD}-20.0 to -10.0: worse; ${VALUE_HEAD}-2.9 to -0.4: worse.`],
    [[-0.2, -0.1], [-2.9, 0.4], `${HEAD}-20.0 to -10.0: worse, although ${VALUE_HEAD}-2.9 to +0.4.`],
    [[-0.01, 0.13], [0.42, 2.91], `${HEAD}-1.0 to +13.0: no better, although ${VALUE_HEAD}+0.4 to +2.9.`],
    [[0.051, 0.13], [-0.4, 2.9], `I${VALUE_HEAD.slice(1)}-0.4 to +2.9: no better, although t${HEAD.slice(1)}+5.1 to +13.0.`],
    [[0.051, 0.13], [-2.9, -0.4], `I${VALUE_HEAD.slice(1)}-2.9 to -0.4: worse, although t${HEAD.slice(1)}+5.1 to +13.0.`],
  ])('of a ranking of %j and draws of %j is the more cautious, and leads with what decides', (of_ranking, of_draws, sentence) => {
    const told = verdict(ranked(of_ranking), valued(of_draws));
    expect(told.sentence).toBe(sentence);
    expect(sentence.match(/: (better|no better|worse)\b/)?.[1]).toBe(told.outcome);
  });

  it('is left to the draws where too few decisions were judged, and to the decisions where the draws are not trusted', () => {
    expect(verdict(ranked(null, { decisions: 19, sessions: 5 }), valued([1, 2]))).toEqual({
      outcome: 'better',
      sentence: `I${VALUE_HEAD.slice(1)}+1.0 to +2.0: better.`,
    });
    const doubtful = valued([-2, -1], { trusted: false, mean_weight: 0.27 });
    expect(verdict(ranked([0.051, 0.13]), doubtful)).toEqual({ outcome: 'better', sentence: `${HEAD}+5.1 to +13.0: better.` });
  });

  it.each<[Partial<ValueRow>, number, string]>([
    [{ trusted: false, effective_sample_size: 29.9 }, 40, '350 draws of select_tool in 40 sessions, worth 29, and it takes 30 in 10'],
    [{}, 9, '350 draws of select_tool in 9 sessions, worth 96, and it takes 30 in 10'],
    [
      { trusted: false, mean_weight: 0.27 },
      40,
      'the 350 draws of select_tool in 40 sessions hardly ever could have been its first choices (mean weight 0.27, not near 1)',
    ],
    [
      { trusted: false, mean_weight: 0.7 },
      40,
      'the 350 draws of select_tool in 40 sessions too seldom could have been its first choices (mean weight 0.70, not near 1)',
    ],
    [
      { trusted: false, mean_weight: 1.6 },
      40,
      'the 350 draws of select_tool in 40 sessions were by chance too often its first choices (mean weight 1.60, not near 1)',
    ],
  ])('with draws of %j in %d sessions says what they lack, where nothing else speaks', (own, sessions, lack) => {
    expect(verdict(ranked(null, { decisions: 3, sessions: 3 }), valued([1, 2], own, sessions))).toEqual({
      outcome: 'not enough data',
      sentence: `Not enough data: 3 decisions in 3 sessions to judge, and it takes 30 in 10; ${lack}.`,
    });
    expect(verdict(ranked([0.051, 0.13]), valued([1, 2], own, sessions)).sentence).toBe(`${HEAD}+5.1 to +13.0: better.`);
  });

  it('fits in the text line of a tool, 400 characters', () => {
    const long = verdict(ranked([-0.1234, 0.1234], { decisions: 1_000_000, sessions: 100_000 }), {
      ...valued([-12.9, 12.9], { effective_sample_size: 123_456 }),
      draws: 1_000_000,
    });
    expect(long.outcome).toBe('no better');
    expect(long.sentence.length).toBeLessThanOrEqual(400);
  });
});

describe('a signed number', () => {
  it.each<[number, number, string]>([
    [9.13, 1, '+9.1'],
    [-9.16, 1, '-9.2'],
    [0.04, 1, '0.0'],
    [-0.04, 1, '0.0'],
  ])('%d with %d decimals is %s', (value, decimals, text) => {
    expect(signed(value, decimals)).toBe(text);
  });
});
