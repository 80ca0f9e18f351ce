import { ClusterBootstrap, sumsByCluster } from './bootstrap.ts';
import { LEARNED } from './contenders/learned.ts';
import { estimatesFrom, isTrusted, type OffPolicyEstimates, SUMS, termsOf } from './off-policy.ts';
import type { JudgedDraw } from './progressive-validation.ts';
import { type Bounds, boundsOf } from './ranking-table.ts';

/** What a contender's first choice would have earned in place of the draws, estimated. Rewards a call. */
export interface ValueRow extends Omit<OffPolicyEstimates, 'behaviour'> {
  readonly contender: string;
  /** Whether the estimates rest on the draws, see {@link isTrusted}. */
  readonly trusted: boolean;
  readonly dr_interval: Bounds;
  readonly snips_interval: Bounds;
  readonly ips_interval: Bounds;
  readonly replay_interval: Bounds;
  /** DR of the learned ranking less this one's; null for the learned one itself. */
  readonly difference: number | null;
  readonly difference_interval: Bounds;
}

/** What the draws really earned. */
export interface AsLogged {
  readonly mean_reward: number | null;
  readonly interval: Bounds;
  /** DR of the learned ranking less the mean reward as logged. */
  readonly difference: number | null;
  readonly difference_interval: Bounds;
}

const ESTIMATORS = ['dr', 'snips', 'ips', 'replay'] as const;
/** Statistics of a contender: the estimates, the difference to the learned one and the mean weight. */
const PER_CONTENDER = ESTIMATORS.length + 2;

/** Off-policy estimates for each contender with 95 % bootstrap intervals over sessions. */
export class ValueTable {
  readonly bootstrap: ClusterBootstrap;
  readonly sessions: number;
  readonly draws: number;
  readonly #names: readonly string[];
  readonly #sums: Float64Array;

  /** @param names of the contenders, in the order of the choices @param seed of the resamples */
  constructor(draws: readonly JudgedDraw[], names: readonly string[], seed: number) {
    const clusters = sumsByCluster(draws.map(({ session, choices }) => [session, choices.flatMap(termsOf)] as const));
    this.#names = names;
    this.#sums = new Float64Array(SUMS.length * names.length).map((_, at) =>
      clusters.reduce((sum, cluster) => sum + (cluster[at] ?? 0), 0),
    );
    this.sessions = clusters.length;
    this.draws = draws.length;
    this.bootstrap = new ClusterBootstrap(clusters, (sums) => this.#statistics(sums), seed);
  }

  /** In the order of the names; the intervals rest on the resamples drawn so far. */
  rows(): readonly ValueRow[] {
    const intervals = this.bootstrap.intervals();
    const learned = this.#estimates(this.#sums, this.#names.indexOf(LEARNED)).dr;
    return this.#names.map((contender, at) => {
      const { behaviour: _, ...estimates } = this.#estimates(this.#sums, at);
      const [dr, snips, ips, replay, difference, mean_weight] = intervals.slice(PER_CONTENDER * at).map(boundsOf);
      return {
        contender,
        ...estimates,
        trusted: isTrusted(estimates, mean_weight ?? null),
        dr_interval: dr ?? null,
        snips_interval: snips ?? null,
        ips_interval: ips ?? null,
        replay_interval: replay ?? null,
        difference: contender === LEARNED ? null : less(learned, estimates.dr),
        difference_interval: contender === LEARNED ? null : (difference ?? null),
      };
    });
  }

  asLogged(): AsLogged {
    const [mean_reward, difference] = this.#logged(this.#sums);
    const [interval, difference_interval] = this.bootstrap.intervals().slice(-2).map(boundsOf);
    return {
      mean_reward: mean_reward ?? null,
      interval: interval ?? null,
      difference: difference ?? null,
      difference_interval: difference_interval ?? null,
    };
  }

  #statistics(sums: Float64Array): number[] {
    const learned = this.#estimates(sums, this.#names.indexOf(LEARNED)).dr;
    const of_contenders = this.#names.flatMap((_, at) => {
      const estimates = this.#estimates(sums, at);
      return [...ESTIMATORS.map((estimator) => estimates[estimator]), less(learned, estimates.dr), estimates.mean_weight];
    });
    return [...of_contenders, ...this.#logged(sums)].map((value) => value ?? Number.NaN);
  }

  /** The mean reward as logged, and how much the learned one's is above it. */
  #logged(sums: Float64Array): readonly (number | null)[] {
    const { behaviour, dr } = this.#estimates(sums, this.#names.indexOf(LEARNED));
    return [behaviour, less(dr, behaviour)];
  }

  #estimates(sums: Float64Array, contender: number): OffPolicyEstimates {
    return estimatesFrom(sums.subarray(SUMS.length * contender, SUMS.length * (contender + 1)));
  }
}

function less(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
