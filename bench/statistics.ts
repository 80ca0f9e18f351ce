/** The value below which a share of the samples lies, by linear interpolation (Hyndman & Fan 1996, type 7). @param share in [0, 1] */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('no samples: there is nothing to report');
  const sorted = samples.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** null when there is nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The median of what is known; null when nothing is. */
export function medianKnown(samples: readonly (number | null)[]): number | null {
  const known = samples.filter((sample) => sample !== null);
  return known.length === 0 ? null : median(known);
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** The median of the ratios of samples that were taken in the same round: a round slowed by other work slows both. */
export function medianRatio(samples: readonly number[], base: readonly number[]): number {
  if (samples.length !== base.length) throw new Error(`${samples.length} and ${base.length} samples cannot be paired`);
  return median(samples.map((sample, round) => sample / (base[round] ?? Number.NaN)));
}
