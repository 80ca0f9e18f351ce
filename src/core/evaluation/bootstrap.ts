import { seededUniform } from '../random.ts';
import type { Interval } from '../statistics.ts';
import type { Uniform } from '../types.ts';
import { normalCdf, normalQuantile, studentQuantile } from './normal.ts';

/** Resamples. Source: Efron & Tibshirani 1993, 19.3: at least 1,000 for an interval. */
export const RESAMPLES = 1_000;
const COVERED = 0.95;

/** Numbers of interest, from the sums over the clusters; NaN: not defined there. */
export type Statistics = (sums: Float64Array) => readonly number[];

/**
 * 95 % intervals of smooth functions of sums, by resampling whole clusters (here sessions, whose decisions depend on each other) with
 * replacement. All statistics see the same resamples, so that a difference of two is a paired one. BCa: bias-corrected and accelerated
 * (Efron 1987; Efron & Tibshirani 1993, chapter 14), with the quantiles of a percentile interval widened for few clusters, Φ⁻¹(p) →
 * √(m/(m−1))·t_{m−1}(p) (Hesterberg 2015, What Teachers Should Know About the Bootstrap, "expanded percentile"). Work is done in parts, so
 * that a caller can do other things between them.
 */
export class ClusterBootstrap {
  readonly #clusters: readonly Float64Array[];
  readonly #statistics: Statistics;
  readonly #uniform: Uniform;
  readonly #resampled: (readonly number[])[] = [];

  /** @param clusters for each cluster its sums, all of one length */
  constructor(clusters: readonly Float64Array[], statistics: Statistics, seed: number) {
    this.#clusters = clusters;
    this.#statistics = statistics;
    this.#uniform = seededUniform(seed);
  }

  /** Draws so many resamples more. */
  resample(count: number): void {
    for (let round = 0; round < count; round++) {
      const sums = this.#zeros();
      for (const _ of this.#clusters) add(sums, this.#clusters[Math.floor(this.#uniform() * this.#clusters.length)]);
      this.#resampled.push(this.#statistics(sums));
    }
  }

  /** One for each statistic; null: fewer than two clusters, or the statistic is not defined on the whole sample. */
  intervals(): readonly (Interval | null)[] {
    const total = this.#zeros();
    for (const cluster of this.#clusters) add(total, cluster);
    const left_out = this.#clusters.map((cluster) => this.#statistics(total.map((sum, at) => sum - (cluster[at] ?? 0))));
    return this.#statistics(total).map((estimate, at) => {
      if (Number.isNaN(estimate) || this.#clusters.length < 2) return null;
      const resampled = defined(this.#resampled.map((values) => values[at])).sort();
      return interval(estimate, resampled, defined(left_out.map((values) => values[at])));
    });
  }

  #zeros(): Float64Array {
    return new Float64Array(this.#clusters[0]?.length ?? 0);
  }
}

/** The intervals in one go. */
export function clusterBootstrap(clusters: readonly Float64Array[], statistics: Statistics, seed: number): readonly (Interval | null)[] {
  const bootstrap = new ClusterBootstrap(clusters, statistics, seed);
  bootstrap.resample(RESAMPLES);
  return bootstrap.intervals();
}

/** The sums of each cluster, in the order of first appearance. @param rows a cluster's name and what it adds, all of one length */
export function sumsByCluster(rows: Iterable<readonly [cluster: string, terms: readonly number[]]>): Float64Array[] {
  const sums = new Map<string, Float64Array>();
  for (const [cluster, terms] of rows) {
    const of_cluster = sums.get(cluster) ?? new Float64Array(terms.length);
    add(of_cluster, Float64Array.from(terms));
    sums.set(cluster, of_cluster);
  }
  return [...sums.values()];
}

/** @param resampled sorted @param left_out the estimate without each of the clusters (jackknife) */
function interval(estimate: number, resampled: Float64Array, left_out: Float64Array): Interval {
  const below = resampled.reduce((count, value) => count + (value < estimate ? 1 : value === estimate ? 0.5 : 0), 0) / resampled.length;
  const is_one_sided = below === 0 || below === 1;
  const bias = is_one_sided ? 0 : normalQuantile(below);
  const acceleration = is_one_sided ? 0 : skewness(left_out) / 6;
  const clusters = left_out.length;
  const reach = Math.sqrt(clusters / (clusters - 1)) * studentQuantile((1 + COVERED) / 2, clusters - 1);
  const bound = (z: number) => quantile(resampled, normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z))));
  return { low: bound(-reach), high: bound(reach) };
}

/** Σd³ / (Σd²)^1.5 with d the differences mean − value; 0 when all values are equal. */
function skewness(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [squares, cubes] = [0, 0];
  for (const value of values) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / squares ** 1.5;
}

/** @param sorted not empty @param p in [0, 1] */
function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const [before, after] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return before + (place - Math.floor(place)) * (after - before);
}

function defined(values: readonly (number | undefined)[]): Float64Array {
  return Float64Array.from(values.filter((value) => value !== undefined && !Number.isNaN(value)) as number[]);
}

/** Typed arrays only: this runs a thousand times a cluster. */
function add(sums: Float64Array, terms: Float64Array | undefined): void {
  if (terms === undefined) return;
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + (terms[at] ?? 0);
}
