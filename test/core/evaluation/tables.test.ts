import { describe, expect, it } from 'vitest';
import { clusterBootstrap, RESAMPLES } from '../../../src/core/evaluation/bootstrap.ts';
import type { Judged, JudgedDraw } from '../../../src/core/evaluation/progressive-validation.ts';
import { RankingTable } from '../../../src/core/evaluation/ranking-table.ts';
import { ValueTable } from '../../../src/core/evaluation/value-table.ts';
import { verdict } from '../../../src/core/evaluation/verdict.ts';
import { seededUniform } from '../../../src/core/random.ts';
import { expectedReward, simulate, trueValue, type World } from './simulation.ts';

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

describe('trust in the values of a nearly deterministic behaviour policy', () => {
  const SURE = 0.996;
  const RARE = (1 - SURE) / 3;
  /** Its draws in the contexts, of which the target takes the same action in the first fifth only, or in all. */
  const behaviour = Array.from({ length: 5 }, () => [SURE, RARE, RARE, RARE]);
  const covered = behaviour.map(() => [1, 0, 0, 0]);
  const uncovered = behaviour.map((_, context) => (context === 0 ? [1, 0, 0, 0] : [0, 1, 0, 0]));
  /** What the behaviour takes seldom succeeds, and the rest never; the model believes otherwise of the rest. */
  const chance = behaviour.map(() => [0.05, 0, 0, 0]);
  const model = chance.map(() => [expectedReward(0.05), expectedReward(0.15), expectedReward(0.15), expectedReward(0.15)]);
  const judged = (target: World['target']) => {
    const world: World = { chance, behaviour, target, model };
    // The first log in which no draw was a rare one, as most are: one would already weigh 100.
    const log = Array.from({ length: 50 }, (_, seed) => simulate(world, seededUniform(seed))).find((choices) =>
      choices.every(([, choice]) => choice.propensity === SURE),
    );
    const table = new ValueTable(
      (log ?? []).map(([session, choice]) => ({ session, choices: [choice] })),
      ['learned'],
      1,
    );
    table.bootstrap.resample(RESAMPLES);
    const [row] = table.rows();
    return {
      row,
      truth: trueValue(world, target),
      values: { ...table, draws: table.draws, rows: table.rows(), as_logged: table.asLogged() },
    };
  };
  const nothing = { decisions: 0, sessions: 0, rows: [] };

  it('is refused where it hardly ever took what the target takes, although DR and its interval say better', () => {
    const { row, truth, values } = judged(uncovered);
    expect(row?.effective_sample_size).toBeGreaterThan(30); // what alone was asked for once
    expect(row?.dr_interval?.[0]).toBeGreaterThan(truth);
    expect(values.as_logged.difference_interval?.[0]).toBeGreaterThan(0);
    expect(truth).toBeLessThan(expectedReward(0.05)); // in truth it is worse
    expect(row).toMatchObject({ trusted: false });
    expect(row?.mean_weight).toBeLessThan(0.4);
    const { outcome, sentence } = verdict(nothing, { ...values, sessions: 100 });
    expect(outcome).toBe('not enough data');
    expect(sentence).toMatch(/hardly ever could have been its first choices \(mean weight 0\.\d\d, not near 1\)\.$/);
  });

  it('is given where it takes what the target takes', () => {
    const { row, truth, values } = judged(covered);
    expect(row).toMatchObject({ trusted: true, coverage: 1 });
    expect(row?.dr_interval?.[0]).toBeLessThan(truth);
    expect(row?.dr_interval?.[1]).toBeGreaterThan(truth);
    expect(verdict(nothing, { ...values, sessions: 100 }).outcome).toBe('no better');
  });
});
