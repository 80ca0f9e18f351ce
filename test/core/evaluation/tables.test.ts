import { describe, expect, it } from 'vitest';
import { clusterBootstrap, RESAMPLES } from '../../../src/core/evaluation/bootstrap.ts';
import type { Judged, JudgedDraw } from '../../../src/core/evaluation/progressive-validation.ts';
import { RankingTable } from '../../../src/core/evaluation/ranking-table.ts';
import { ValueTable } from '../../../src/core/evaluation/value-table.ts';

const NAMES = ['rule', 'learned'];

function ranking(judged: readonly Judged[]): RankingTable {
  const table = new RankingTable(judged, NAMES, 1);
  table.bootstrap.resample(RESAMPLES);
  return table;
}

describe('the table of rankings', () => {
  const judged: readonly Judged[] = [
    { session: 'a', repeats: false, ranks: [1, 1] },
    { session: 'a', repeats: true, ranks: [4, 1] },
    { session: 'b', repeats: true, ranks: [1, 1] },
    { session: 'c', repeats: false, ranks: [2, 4] },
  ];

  it('holds hit@1, MRR and both kinds of steps of each contender', () => {
    const table = ranking(judged);
    expect(table).toMatchObject({ decisions: 4, sessions: 3, repeats: 2 });
    expect(table.rows()).toMatchObject([
      {
        contender: 'rule',
        hit_at_1: 0.5,
        mrr: (1 + 0.25 + 1 + 0.5) / 4,
        hit_at_1_on_repeats: 0.5,
        hit_at_1_on_others: 0.5,
        difference: 0.25,
      },
      { contender: 'learned', hit_at_1: 0.75, mrr: 3.25 / 4, hit_at_1_on_repeats: 1, hit_at_1_on_others: 0.5, difference: null },
    ]);
  });

  it('has intervals around the estimates, none for the difference of the learned ranking to itself', () => {
    const [rule, learned] = ranking(judged).rows();
    expect(rule?.hit_at_1_interval?.[0]).toBeLessThan(0.5);
    expect(rule?.hit_at_1_interval?.[1]).toBeGreaterThan(0.5);
    expect(rule?.difference_interval?.[0]).toBe(0);
    expect(rule?.difference_interval?.[1]).toBeGreaterThan(0.25);
    expect(learned?.difference_interval).toBeNull();
  });

  it('is empty for an empty log', () => {
    const row = { hit_at_1: null, hit_at_1_interval: null, mrr: null, hit_at_1_on_repeats: null, hit_at_1_on_others: null };
    const none = { ...row, difference: null, difference_interval: null };
    expect(ranking([]).rows()).toEqual(NAMES.map((contender) => ({ contender, ...none })));
  });
});

describe('the table of values', () => {
  const draw = (session: string, reward: number, agrees: readonly [number, number]): JudgedDraw => {
    const common = { propensity: 0.5, reward, predicted_reward: 0, predicted_value: 0 };
    return { session, choices: agrees.map((target_probability) => ({ ...common, target_probability })) };
  };
  const draws = [draw('a', 10, [0, 1]), draw('a', -5, [1, 0]), draw('b', 10, [1, 1]), draw('c', -5, [1, 0])];
  const table = new ValueTable(draws, NAMES, 1);
  table.bootstrap.resample(RESAMPLES);

  it('holds the estimates of each contender', () => {
    expect(table).toMatchObject({ draws: 4, sessions: 3 });
    expect(table.rows()).toMatchObject([
      { contender: 'rule', ips: 0, snips: 0, dr: 0, replay: 0, coverage: 0.75, effective_sample_size: 3, mean_weight: 1.5, difference: 10 },
      {
        contender: 'learned',
        ips: 10,
        snips: 10,
        dr: 10,
        replay: 10,
        coverage: 0.5,
        effective_sample_size: 2,
        mean_weight: 1,
        difference: null,
      },
    ]);
    expect(table.asLogged()).toMatchObject({ mean_reward: 2.5, difference: 7.5 });
  });

  it('has intervals around them', () => {
    const [rule, learned] = table.rows();
    for (const bounds of [rule?.ips_interval, rule?.snips_interval, rule?.dr_interval, rule?.replay_interval]) {
      expect(bounds?.[0]).toBeLessThan(0);
      expect(bounds?.[1]).toBeGreaterThan(0);
    }
    expect(learned?.snips_interval).toEqual([10, 10]); // whatever is drawn again, both agreeing draws earned 10
    expect(learned?.difference_interval).toBeNull();
    expect(rule?.difference_interval?.[0]).toBeLessThan(10);
    const rewards = [
      [2, 5],
      [1, 10],
      [1, -5],
    ].map((sums) => Float64Array.from(sums));
    const [logged] = clusterBootstrap(rewards, ([count = 0, sum = 0]) => [sum / count], 1);
    expect(table.asLogged().interval).toEqual([logged?.low, logged?.high]);
    expect(table.asLogged().difference_interval?.[0]).toBeLessThan(7.5);
    expect(table.asLogged().difference_interval?.[1]).toBeGreaterThan(7.5);
  });
});
