import { describe, expect, it } from 'vitest';
import { ClusterBootstrap, clusterBootstrap, RESAMPLES, sumsByCluster } from '../../../src/core/evaluation/bootstrap.ts';
import { normalCdf, normalQuantile, studentQuantile } from '../../../src/core/evaluation/normal.ts';
import { seededUniform } from '../../../src/core/random.ts';
import type { Uniform } from '../../../src/core/types.ts';
import { binomialTolerance } from './simulation.ts';

const LOGS = 300;
const meanOf = ([count = 0, sum = 0]: Float64Array) => [sum / count];

/** Hits or misses of sessions, each with a chance of its own and 1 to 9 decisions: true mean 0.5 over decisions. */
function hits(sessions: number, uniform: Uniform): [session: string, terms: readonly number[]][] {
  return Array.from({ length: sessions }, (_, session) => {
    const chance = uniform() < 0.5 ? 0.1 : 0.9;
    const decisions = 1 + Math.floor(9 * uniform());
    return Array.from({ length: decisions }, (): [string, readonly number[]] => [`${session}`, [1, Number(uniform() < chance)]]);
  }).flat();
}

function coverage(sessions: number, clusterOf: (session: string, at: number) => string): number {
  const covered = Array.from({ length: LOGS }, (_, log) => {
    const rows = hits(sessions, seededUniform(sessions, log)).map(([session, terms], at) => [clusterOf(session, at), terms] as const);
    const [interval] = clusterBootstrap(sumsByCluster(rows), meanOf, log);
    return interval !== null && interval !== undefined && interval.low <= 0.5 && 0.5 <= interval.high;
  });
  return covered.filter(Boolean).length / LOGS;
}

describe('the bootstrap over sessions', () => {
  it.each([15, 40, 120])('covers the truth at the stated rate with %d sessions', (sessions) => {
    expect(Math.abs(coverage(sessions, (session) => session) - 0.95)).toBeLessThanOrEqual(binomialTolerance(0.95, LOGS));
  });

  it('would not if each decision stood for itself, since those of a session depend on each other', () => {
    expect(coverage(40, (_, at) => `${at}`)).toBeLessThan(0.8);
  });

  it('gives the same interval for the same seed, however the work is split', () => {
    const clusters = sumsByCluster(hits(20, seededUniform(1)));
    const split = new ClusterBootstrap(clusters, meanOf, 3);
    for (let part = 0; part < RESAMPLES / 10; part++) split.resample(10);
    expect(split.intervals()).toEqual(clusterBootstrap(clusters, meanOf, 3));
    expect(split.intervals()).not.toEqual(clusterBootstrap(clusters, meanOf, 4));
  });

  it('pairs the differences of statistics of the same sessions', () => {
    // The second statistic is the first plus 0.1 in every session: their difference has no variance.
    const clusters = sumsByCluster(hits(20, seededUniform(1)));
    const [first, difference] = clusterBootstrap(clusters, ([count = 0, sum = 0]) => [sum / count, sum / count + 0.1 - sum / count], 3);
    expect((first?.high ?? 0) - (first?.low ?? 0)).toBeGreaterThan(0.2);
    expect(difference?.low).toBeCloseTo(0.1, 12);
    expect(difference?.high).toBeCloseTo(0.1, 12);
  });

  it('leans towards the long tail, as BCa does', () => {
    const values = Array.from({ length: 30 }, (_, at) => (at < 27 ? 0 : 10));
    const [interval] = clusterBootstrap(sumsByCluster(values.map((value, at) => [`${at}`, [1, value]] as const)), meanOf, 1);
    expect((interval?.high ?? 0) - 1).toBeGreaterThan(2 * (1 - (interval?.low ?? 0))); // 1.3 without the acceleration;
  });

  it('has no interval for fewer than two sessions or a statistic that is not defined', () => {
    expect(clusterBootstrap([], () => [Number.NaN], 1)).toEqual([null]);
    expect(clusterBootstrap([Float64Array.of(1, 1)], meanOf, 1)).toEqual([null]);
    expect(clusterBootstrap([Float64Array.of(0, 1), Float64Array.of(0, 1)], () => [Number.NaN, 1], 1)).toEqual([null, { low: 1, high: 1 }]);
  });

  it('leaves out the resamples on which a statistic is not defined', () => {
    const clusters = [Float64Array.of(0, 0), Float64Array.of(1, 4), Float64Array.of(1, 6)];
    const [interval] = clusterBootstrap(clusters, ([count = 0, sum = 0]) => [count === 0 ? Number.NaN : sum / count], 1);
    expect(interval).toEqual({ low: 4, high: 6 });
  });
});

describe('quantiles', () => {
  it.each([
    [0.975, 1.959964],
    [0.5, 0],
    [0.025, -1.959964],
    [0.9995, 3.290527],
  ])('%d of the normal distribution is %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 3);
    expect(normalCdf(z)).toBeCloseTo(p, 6);
  });

  it.each([
    [9, 2.262157],
    [29, 2.04523],
    [120, 1.97993],
  ])('0.975 of t with %d degrees of freedom is %d', (nu, t) => {
    expect(studentQuantile(0.975, nu)).toBeCloseTo(t, 2);
  });
});
