import { describe, expect, it } from 'vitest';
import { GREATEST_WEIGHT, isTrusted, type LoggedChoice } from '../../../src/core/evaluation/off-policy.ts';
import {
  binomialTolerance,
  deviation,
  estimatesOf,
  expectedReward,
  LOGS,
  mean,
  repeat,
  trueValue,
  type World,
  Z_999,
} from './simulation.ts';

const CHANCE = [
  [0.9, 0.3, 0.2, 0.4],
  [0.2, 0.8, 0.5, 0.1],
  [0.3, 0.4, 0.1, 0.7],
];
const UNIFORM = CHANCE.map((row) => row.map(() => 1 / row.length));
/** Mostly wrong, and differently in each context. */
const SKEWED = [
  [0.15, 0.55, 0.2, 0.1],
  [0.4, 0.2, 0.25, 0.15],
  [0.1, 0.1, 0.6, 0.2],
];
const GREEDY = CHANCE.map((row) => row.map((p) => Number(p === Math.max(...row))));
const STOCHASTIC = CHANCE.map((row) => row.map((p) => (p === Math.max(...row) ? 0.7 : 0.1)));
const TRUE_MODEL = CHANCE.map((row) => row.map(expectedReward));
const NO_MODEL = CHANCE.map((row) => row.map(() => 0));
/** Wrong everywhere, by up to 13. */
const WRONG_MODEL = CHANCE.map((row) => row.map((p) => expectedReward(1 - p)));

const WORLDS: Readonly<Record<string, World>> = {
  'uniform draws, greedy target, true model': { chance: CHANCE, behaviour: UNIFORM, target: GREEDY, model: TRUE_MODEL },
  'skewed draws, greedy target, true model': { chance: CHANCE, behaviour: SKEWED, target: GREEDY, model: TRUE_MODEL },
  'skewed draws, greedy target, wrong model': { chance: CHANCE, behaviour: SKEWED, target: GREEDY, model: WRONG_MODEL },
  'skewed draws, stochastic target, no model': { chance: CHANCE, behaviour: SKEWED, target: STOCHASTIC, model: NO_MODEL },
};

describe.each(Object.entries(WORLDS))('300 logs with %s', (name, world) => {
  const runs = repeat(world, name.length);
  const truth = trueValue(world, world.target);

  it.each(['ips', 'snips', 'dr'] as const)('%s covers the true value with its 95 % intervals at the stated rate', (estimator) => {
    expect(Math.abs(runs.covered(estimator, truth) - 0.95)).toBeLessThanOrEqual(binomialTolerance(0.95, LOGS));
  });

  it.each(['ips', 'dr'] as const)('%s is unbiased', (estimator) => {
    const estimates = runs.estimates[estimator];
    expect(Math.abs(mean(estimates) - truth)).toBeLessThanOrEqual((Z_999 * deviation(estimates)) / Math.sqrt(LOGS));
  });

  it('the mean as logged covers the value of the behaviour policy and not that of the target', () => {
    expect(Math.abs(runs.covered('behaviour', trueValue(world, world.behaviour)) - 0.95)).toBeLessThanOrEqual(
      binomialTolerance(0.95, LOGS),
    );
    expect(runs.covered('behaviour', truth)).toBeLessThan(0.1);
  });
});

describe('the estimators', () => {
  const of = (name: keyof typeof WORLDS) => repeat(WORLDS[name] as World, 11).estimates;

  it('vary least for DR with a good model, and less for SNIPS than for IPS', () => {
    const { ips, snips, dr } = of('skewed draws, greedy target, true model');
    expect(deviation(dr)).toBeLessThan(0.8 * deviation(ips));
    expect(deviation(snips)).toBeLessThan(0.8 * deviation(ips));
    expect(deviation(dr)).toBeLessThan(deviation(snips));
  });

  it('are the same for IPS and DR without a model', () => {
    const { ips, dr } = of('skewed draws, stochastic target, no model');
    expect(dr).toEqual(ips);
  });

  it('include a replay that is right under uniform draws and wrong under others', () => {
    const uniform = WORLDS['uniform draws, greedy target, true model'] as World;
    const error = ({ replay }: ReturnType<typeof of>, truth: number) =>
      Math.abs(mean(replay) - truth) / (deviation(replay) / Math.sqrt(LOGS));
    expect(error(repeat(uniform, 11).estimates, trueValue(uniform, GREEDY))).toBeLessThan(Z_999);
    // Where the target's choice is worth least it is drawn most, so that the draws which agree with it are not like all.
    const behaviour = [
      [0.1, 0.3, 0.3, 0.3],
      [0.1, 0.1, 0.7, 0.1],
      [0.3, 0.3, 0.3, 0.1],
    ];
    const lopsided: World = { ...uniform, behaviour, chance: [CHANCE[0] ?? [], [0.1, 0.1, 0.3, 0.1], CHANCE[2] ?? []] };
    const target = [GREEDY[0] ?? [], [0, 0, 1, 0], GREEDY[2] ?? []];
    expect(error(repeat({ ...lopsided, target }, 11).estimates, trueValue(lopsided, target))).toBeGreaterThan(3 * Z_999);
  });

  it('are all the mean as logged where the target is the behaviour', () => {
    const choices = [10, -5, 10, 4].map((reward): LoggedChoice => {
      return { propensity: 1, reward, target_probability: 1, predicted_reward: 3, predicted_value: 3 };
    });
    expect(estimatesOf(choices)).toEqual({
      behaviour: 4.75,
      ips: 4.75,
      snips: 4.75,
      dr: 4.75,
      replay: 4.75,
      effective_sample_size: 4,
      coverage: 1,
      mean_weight: 1,
    });
  });
});

describe('one small log', () => {
  const agreeing = { propensity: 0.25, reward: 10, target_probability: 1, predicted_reward: 8, predicted_value: 8 };
  const other = { propensity: 0.5, reward: -5, target_probability: 0, predicted_reward: 1, predicted_value: 6 };
  const certain = { propensity: 1, reward: 4, target_probability: 1, predicted_reward: 5, predicted_value: 5 };

  it('gives what the formulas say', () => {
    expect(estimatesOf([agreeing, other, certain])).toEqual({
      behaviour: 3,
      ips: (4 * 10 + 0 + 4) / 3,
      snips: (4 * 10 + 4) / 5,
      dr: (8 + 4 * (10 - 8) + 6 + (5 + 1 * (4 - 5))) / 3,
      replay: 7,
      effective_sample_size: 25 / 17,
      coverage: 2 / 3,
      mean_weight: 5 / 3,
    });
  });

  it('knows nothing of a target that no draw agrees with, nor from no draws', () => {
    expect(estimatesOf([other])).toMatchObject({ ips: 0, snips: null, replay: null, effective_sample_size: 0, coverage: 0 });
    expect(estimatesOf([])).toEqual({
      behaviour: null,
      ips: null,
      snips: null,
      dr: null,
      replay: null,
      effective_sample_size: 0,
      coverage: null,
      mean_weight: null,
    });
  });

  it('cuts a weight that rests on a tiny propensity', () => {
    const rare = { ...agreeing, propensity: 1e-6 };
    expect(estimatesOf([rare])).toMatchObject({
      ips: GREATEST_WEIGHT * 10,
      dr: 8 + GREATEST_WEIGHT * 2,
      mean_weight: GREATEST_WEIGHT,
    });
  });
});

describe('trust', () => {
  it.each<[string, number, number | null, readonly [number, number] | null, boolean]>([
    ['enough draws of mean weight 1', 30, 1, [0.7, 1.3], true],
    ['draws worth too little', 29.9, 1, [0.7, 1.3], false],
    ['a mean weight below 1', 500, 0.9, [0.87, 0.93], false],
    ['a mean weight above 1', 500, 1.2, [1.1, 1.3], false],
    ['a low mean weight that is not known well', 30, 0.79, [0.5, 1.1], false],
    ['weights that are all a little above 1', 190, 1.004, [1.004, 1.004], true],
    ['no interval', 500, 1, null, false],
    ['no draws', 0, null, null, false],
  ])('%s', (_, effective_sample_size, mean_weight, interval, trusted) => {
    expect(isTrusted({ effective_sample_size, mean_weight }, interval)).toBe(trusted);
  });
});
