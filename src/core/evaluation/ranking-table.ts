import { type Interval, ratio } from '../statistics.ts';
import { ClusterBootstrap, sumsByCluster } from './bootstrap.ts';
import { LEARNED } from './contenders/learned.ts';
import type { Judged } from './progressive-validation.ts';

/** An interval as it is told: [low, high]; null: there is none. */
export type Bounds = readonly [low: number, high: number] | null;

/** How well one contender ranked. Shares in [0, 1]; null: there was no such decision. */
export interface RankingRow {
  readonly contender: string;
  /** Share of the decisions whose tool it put first. */
  readonly hit_at_1: number | null;
  readonly hit_at_1_interval: Bounds;
  /** Mean reciprocal rank. */
  readonly mrr: number | null;
  /** hit@1 where the session's previous call took the same tool. */
  readonly hit_at_1_on_repeats: number | null;
  readonly hit_at_1_on_others: number | null;
  /** hit@1 of the learned ranking less this one's; null for the learned one itself. */
  readonly difference: number | null;
  readonly difference_interval: Bounds;
}

/** Sums of a contender: hits, reciprocal ranks, hits on repeats. Before them stand the decisions and the repeats among them. */
const COMMON = 2;
const OWN = 3;

/** hit@1 and MRR of each contender with 95 % bootstrap intervals over sessions. */
export class RankingTable {
  readonly bootstrap: ClusterBootstrap;
  readonly sessions: number;
  readonly decisions: number;
  readonly repeats: number;
  readonly #names: readonly string[];
  readonly #sums: Float64Array;

  /** @param names of the contenders, in the order of the ranks @param seed of the resamples */
  constructor(judged: readonly Judged[], names: readonly string[], seed: number) {
    const clusters = sumsByCluster(judged.map((decision) => [decision.session, termsOf(decision)] as const));
    this.#names = names;
    this.#sums = new Float64Array(COMMON + OWN * names.length).map((_, at) =>
      clusters.reduce((sum, cluster) => sum + (cluster[at] ?? 0), 0),
    );
    this.sessions = clusters.length;
    this.decisions = this.#sums[0] ?? 0;
    this.repeats = this.#sums[1] ?? 0;
    this.bootstrap = new ClusterBootstrap(clusters, (sums) => this.#statistics(sums), seed);
  }

  /** In the order of the names; the intervals rest on the resamples drawn so far. */
  rows(): readonly RankingRow[] {
    const intervals = this.bootstrap.intervals();
    return this.#names.map((contender, at) => {
      const [hits = 0, reciprocal_ranks = 0, on_repeats = 0] = this.#sums.subarray(COMMON + OWN * at);
      const is_learned = contender === LEARNED;
      const difference = hitRate(this.#sums, this.#names.indexOf(LEARNED)) - hitRate(this.#sums, at);
      return {
        contender,
        hit_at_1: ratio(hits, this.decisions),
        hit_at_1_interval: boundsOf(intervals[2 * at]),
        mrr: ratio(reciprocal_ranks, this.decisions),
        hit_at_1_on_repeats: ratio(on_repeats, this.repeats),
        hit_at_1_on_others: ratio(hits - on_repeats, this.decisions - this.repeats),
        difference: is_learned || this.decisions === 0 ? null : difference,
        difference_interval: is_learned ? null : boundsOf(intervals[2 * at + 1]),
      };
    });
  }

  /** For each contender its hit@1, and how much the learned one's is above it. */
  #statistics(sums: Float64Array): number[] {
    const learned = hitRate(sums, this.#names.indexOf(LEARNED));
    return this.#names.flatMap((_, at) => [hitRate(sums, at), learned - hitRate(sums, at)]);
  }
}

function termsOf({ repeats, ranks }: Judged): number[] {
  return [1, Number(repeats), ...ranks.flatMap((rank) => [Number(rank === 1), 1 / rank, Number(rank === 1 && repeats)])];
}

function hitRate(sums: Float64Array, contender: number): number {
  return (sums[COMMON + OWN * contender] ?? Number.NaN) / (sums[0] ?? 0);
}

export function boundsOf(interval: Interval | null | undefined): Bounds {
  return interval ? [interval.low, interval.high] : null;
}
