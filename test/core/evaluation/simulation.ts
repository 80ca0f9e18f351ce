import { clusterBootstrap, sumsByCluster } from '../../../src/core/evaluation/bootstrap.ts';
import { estimatesFrom, type LoggedChoice, type OffPolicyEstimates, termsOf } from '../../../src/core/evaluation/off-policy.ts';
import { sample } from '../../../src/core/policies/sampler.ts';
import { seededUniform } from '../../../src/core/random.ts';
import type { Interval } from '../../../src/core/statistics.ts';
import type { Uniform } from '../../../src/core/types.ts';

/** A world whose values are known: rewards 10 or −5, the chance of 10 by context and action. */
export interface World {
  /** chance[context][action] */
  readonly chance: readonly (readonly number[])[];
  /** Probabilities of the actions by context. */
  readonly behaviour: readonly (readonly number[])[];
  readonly target: readonly (readonly number[])[];
  /** Predicted reward by context and action. */
  readonly model: readonly (readonly number[])[];
}

export const LOGS = 300;
export const SESSIONS = 100;
/** All in one context, so that the draws of a session depend on each other. */
const DRAWS_A_SESSION = 4;

export const ESTIMATORS = ['ips', 'snips', 'dr', 'replay', 'behaviour'] as const;
export type Estimator = (typeof ESTIMATORS)[number];

export function expectedReward(chance: number): number {
  return 15 * chance - 5;
}

/** True mean reward of a policy; contexts are equally frequent. */
export function trueValue({ chance }: World, policy: World['target']): number {
  const of_context = chance.map((row, context) =>
    row.reduce((sum, p, action) => sum + (policy[context]?.[action] ?? 0) * expectedReward(p), 0),
  );
  return of_context.reduce((sum, value) => sum + value, 0) / chance.length;
}

/** The estimates from all choices of a log. */
export function estimatesOf(choices: readonly LoggedChoice[]): OffPolicyEstimates {
  const [count, ...sums] = sumsByCluster(choices.map((choice) => ['all', termsOf(choice)] as const))[0] ?? [];
  return estimatesFrom([count ?? 0, ...sums]);
}

/** One log, each choice with the session it belongs to. */
export function simulate(world: World, uniform: Uniform): [session: string, choice: LoggedChoice][] {
  return Array.from({ length: SESSIONS }, (_, session) => {
    const context = Math.floor(uniform() * world.chance.length);
    return Array.from({ length: DRAWS_A_SESSION }, (): [string, LoggedChoice] => [`${session}`, draw(world, context, uniform)]);
  }).flat();
}

function draw({ chance, behaviour, target, model }: World, context: number, uniform: Uniform): LoggedChoice {
  const action = sample(behaviour[context] ?? [], uniform());
  return {
    propensity: behaviour[context]?.[action] ?? 0,
    reward: uniform() < (chance[context]?.[action] ?? 0) ? 10 : -5,
    target_probability: target[context]?.[action] ?? 0,
    predicted_reward: model[context]?.[action] ?? 0,
    predicted_value: (target[context] ?? []).reduce((sum, p, other) => sum + p * (model[context]?.[other] ?? 0), 0),
  };
}

export interface Repeated {
  /** Estimates of each log. */
  readonly estimates: Readonly<Record<Estimator, readonly number[]>>;
  /** Share of the logs whose 95 % interval holds the truth. */
  covered(estimator: Estimator, truth: number): number;
}

/** LOGS logs of the world with their estimates and, once they are asked for, their intervals. */
export function repeat(world: World, seed: number): Repeated {
  const logs = Array.from({ length: LOGS }, (_, log) => {
    const choices = simulate(world, seededUniform(seed, log));
    return sumsByCluster(choices.map(([session, choice]) => [session, termsOf(choice)] as const));
  });
  const estimates = logs.map((clusters) =>
    estimatesFrom(clusters.reduce((sums, cluster) => sums.map((sum, at) => sum + (cluster[at] ?? 0)))),
  );
  const of = (estimator: Estimator) => estimates.map((estimate) => estimate[estimator] ?? Number.NaN);
  let intervals: readonly (readonly (Interval | null)[])[] | undefined;
  return {
    estimates: { ips: of('ips'), snips: of('snips'), dr: of('dr'), replay: of('replay'), behaviour: of('behaviour') },
    covered: (estimator, truth) => {
      intervals ??= logs.map((clusters, log) => clusterBootstrap(clusters, statistics, log));
      const own = intervals.map((each) => each[ESTIMATORS.indexOf(estimator)]);
      return own.filter((interval) => interval && interval.low <= truth && truth <= interval.high).length / LOGS;
    },
  };
}

function statistics(sums: Float64Array): number[] {
  const estimates = estimatesFrom(sums);
  return ESTIMATORS.map((name) => estimates[name] ?? Number.NaN);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Beyond so many standard errors lies one case in a thousand. */
export const Z_999 = 3.29;

/** How far the share of n trials may lie from its chance p: one sound case in a thousand lies farther. */
export function binomialTolerance(p: number, n: number): number {
  return Z_999 * Math.sqrt((p * (1 - p)) / n);
}
